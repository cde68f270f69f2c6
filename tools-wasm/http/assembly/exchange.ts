// One request over wasi:http, and its answer, whole.
// Knows nothing of redirects, texts or contracts.

import { decimal, lowerCase } from "../../sdk/assembly/ascii";
import { Growing } from "../../sdk/assembly/growing";
import { landAnywhere, landNextAt } from "../../sdk/assembly/memory";
import { Result } from "../../sdk/assembly/result";
import { Utf8Encoder } from "../../sdk/assembly/utf8";
import { Tuple2 } from "./bindings/tuples";
import { handle } from "./bindings/wasi-http-outgoing-handler";
import { Fields, FutureIncomingResponse, IncomingResponse, Method, OutgoingBody, OutgoingRequest, Scheme } from "./bindings/wasi-http-types";
import { InputStream, StreamErrorKind } from "./bindings/wasi-io-streams";
import { Trouble, TroubleKind } from "./trouble";
import { Url } from "./url";

/** What a host must take in one write. */
const PIECE: i32 = 4096;
const STEP: usize = 64 * 1024;

/** A header; its value has one character for each byte. */
export class Field {
  constructor(
    public name: string,
    public value: string,
  ) {}
}

/** An answer. */
export class Answer {
  constructor(
    public status: u16,
    public fields: Field[],
    public body: Growing,
  ) {}

  /** The value of the first header of this name, which is in lower case; null for none. */
  field(name: string): string | null {
    for (let i = 0; i < this.fields.length; i++) {
      if (this.fields[i].name == name) return this.fields[i].value;
    }
    return null;
  }
}

/** Sends a request, and waits for its answer, whose body may have `most` bytes. */
export function exchange(method: Method, url: Url, fields: Field[], body: string | null, most: usize): Result<Answer, Trouble> {
  const headers = Fields.create();
  for (let i = 0; i < fields.length; i++) {
    const trouble = append(headers, fields[i]);
    if (trouble === null) continue;
    headers.drop();
    return refuse(trouble);
  }
  const request = OutgoingRequest.create(headers);
  request.setScheme(url.secure ? Scheme.https() : Scheme.http());
  const isSet = request.setMethod(method).isOk && request.setAuthority(url.authority).isOk && request.setPathWithQuery(url.path).isOk;
  if (!isSet) {
    request.drop();
    return refuse(Trouble.invalid("no request can have the URL " + url.text));
  }
  let outgoing: OutgoingBody | null = null;
  if (body !== null) outgoing = request.body().value;
  const sent = handle(request, null);
  if (!sent.isOk) return refuse(Trouble.ofHost(sent.error));
  if (outgoing !== null && body !== null) {
    const trouble = writeBody(outgoing, body);
    if (trouble !== null) return refuse(trouble);
  }
  const response = answerTo(sent.value);
  return response.isOk ? read(response.value, most) : refuse(response.error);
}

function refuse(trouble: Trouble): Result<Answer, Trouble> {
  return Result.err<Answer, Trouble>(trouble);
}

function append(headers: Fields, field: Field): Trouble | null {
  const value = new Uint8Array(field.value.length);
  for (let i = 0; i < value.length; i++) {
    const unit = field.value.charCodeAt(i);
    if (unit > 0xff) return Trouble.invalid('the header "' + field.name + '" has a character that is no byte');
    value[i] = <u8>unit;
  }
  if (headers.append(field.name, value).isOk) return null;
  return Trouble.invalid('the header "' + field.name + '" is none, or belongs to the connection');
}

function writeBody(outgoing: OutgoingBody, body: string): Trouble | null {
  const out = outgoing.write().value;
  const encoder = new Utf8Encoder(body);
  const piece = new Uint8Array(PIECE);
  while (!encoder.done) {
    const length = encoder.fill(piece.dataStart, PIECE);
    if (out.blockingWriteAndFlush(piece.subarray(0, length)).isOk) continue;
    out.drop();
    outgoing.drop();
    return new Trouble(TroubleKind.NoAnswer, "connection-terminated");
  }
  out.drop();
  const finished = OutgoingBody.finish(outgoing, null);
  return finished.isOk ? null : Trouble.ofHost(finished.error);
}

function answerTo(future: FutureIncomingResponse): Result<IncomingResponse, Trouble> {
  const ready = future.subscribe();
  ready.block();
  ready.drop();
  const answer = future.get_();
  future.drop();
  const hasCome = answer !== null && answer.isOk;
  if (!hasCome) return Result.err<IncomingResponse, Trouble>(new Trouble(TroubleKind.NoAnswer, "internal-error"));
  const response = answer!.value;
  if (response.isOk) return Result.ok<IncomingResponse, Trouble>(response.value);
  return Result.err<IncomingResponse, Trouble>(Trouble.ofHost(response.error));
}

function read(response: IncomingResponse, most: usize): Result<Answer, Trouble> {
  const status = response.status();
  const headers = response.headers();
  const entries = headers.entries();
  headers.drop();
  const fields = new Array<Field>();
  for (let i = 0; i < entries.length; i++) fields.push(fieldOf(entries[i]));
  const incoming = response.consume().value;
  const stream = incoming.stream().value;
  const body = new Growing(expectedLength(fields, most) + STEP);
  const isWhole = readAll(stream, body, most);
  stream.drop();
  incoming.drop();
  response.drop();
  if (body.length > most) return refuse(new Trouble(TroubleKind.TooLarge, ""));
  if (!isWhole) return refuse(new Trouble(TroubleKind.NoAnswer, "HTTP-response-incomplete"));
  return Result.ok<Answer, Trouble>(new Answer(status, fields, body));
}

/** What the header says; it need not be true. */
function expectedLength(fields: Field[], most: usize): usize {
  for (let i = 0; i < fields.length; i++) {
    if (fields[i].name != "content-length") continue;
    const length = decimal(fields[i].value);
    return length > 0 && <usize>length <= most ? length : 0;
  }
  return 0;
}

function fieldOf(entry: Tuple2<string, Uint8Array>): Field {
  const bytes = entry.f1;
  let value = "";
  for (let i = 0; i < bytes.length; i++) value += String.fromCharCode(bytes[i]);
  return new Field(lowerCase(entry.f0), value);
}

/** Reads a stream to its end, or until there is more than `most`; false when it breaks off. */
function readAll(stream: InputStream, body: Growing, most: usize): bool {
  while (body.length <= most) {
    body.reserve(STEP);
    landNextAt(body.address + body.length, STEP);
    const chunk = stream.blockingRead(STEP);
    landAnywhere();
    if (!chunk.isOk) {
      const isClosed = chunk.error.kind == StreamErrorKind.Closed;
      if (!isClosed) chunk.error.asLastOperationFailed.drop();
      return isClosed;
    }
    memory.copy(body.add(chunk.value.length), chunk.value.dataStart, chunk.value.length);
  }
  return true;
}
