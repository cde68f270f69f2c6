// json.query: what a JSON Pointer or a JSONPath finds.
// Knows nothing of how a result is laid out.

import { Result } from "../../sdk/assembly/result";
import { JsonError } from "./json-error";
import { Parser } from "./parser";
import { PathParser } from "./path-parser";
import { parsePointer, step } from "./pointer";
import { MAX_NODES, Node, Selection } from "./select";

/** The nodes of `text` that `query` selects. */
export function queryText(text: string, query: string): Result<Node[], JsonError> {
  const isPointer = query == "" || query.startsWith("/");
  const tokens = isPointer ? parsePointer(query) : [];
  if (tokens === null) return refuse(JsonError.invalidQuery(0, "in a JSON Pointer, ~ is written ~0, and / in a name ~1"));
  const path = new PathParser(isPointer ? "$" : query);
  const parsed = path.parse();
  if (path.cursor.failed) return refuse(JsonError.invalidQuery(path.cursor.problemAt, path.cursor.problem));
  const parser = new Parser(text);
  const root = new Node(parser.parse(), null, 0);
  if (parser.problem !== null) return refuse(parser.problem!);
  if (isPointer) return Result.ok<Node[], JsonError>(follow(root, tokens));
  const selection = new Selection(root);
  const nodes = selection.nodesOf(parsed, root);
  return selection.full ? refuse(JsonError.tooMany(MAX_NODES)) : Result.ok<Node[], JsonError>(nodes);
}

function follow(root: Node, tokens: string[]): Node[] {
  let node = root;
  for (let i = 0; i < tokens.length; i++) {
    const at = step(node.value, tokens[i]);
    if (at < 0) return [];
    node = node.child(at);
  }
  return [node];
}

function refuse(error: JsonError): Result<Node[], JsonError> {
  return Result.err<Node[], JsonError>(error);
}
