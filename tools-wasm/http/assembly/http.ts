// The actions of the tool `http`, as its WIT has them.
// Knows nothing of streams and handles.

import { Result } from "../../sdk/assembly/result";
import { decodedSize, decodeUtf8 } from "../../sdk/assembly/utf8-decode";
import { Header, HttpError, Method, Response } from "./bindings/http";
import { Method as WireMethod } from "./bindings/wasi-http-types";
import { Answer, exchange, Field } from "./exchange";
import { Trouble, TroubleKind } from "./trouble";
import { parseUrl, Url } from "./url";

const MAX_BODY: usize = 4 * 1024 * 1024;
const MAX_REDIRECTS: u32 = 5;

export function get_(url: string, headers: Header[] | null, accept: u16[] | null): Result<Response, HttpError> {
  return follow(WireMethod.get_(), url, headers, accept);
}

export function head(url: string, headers: Header[] | null, accept: u16[] | null): Result<Response, HttpError> {
  return follow(WireMethod.head(), url, headers, accept);
}

export function request(method: Method, url: string, headers: Header[] | null, body: string | null, accept: u16[] | null): Result<Response, HttpError> {
  const target = parseUrl(url);
  if (target === null) return noUrl(url);
  const answer = exchange(wireMethod(method), target, fieldsOf(headers), body, MAX_BODY);
  return answer.isOk ? responseOf(answer.value, target, accept) : fail(answer.error);
}

/** Asks for what is at a URL, and where its answer leads to. */
function follow(method: WireMethod, text: string, headers: Header[] | null, accept: u16[] | null): Result<Response, HttpError> {
  let url = parseUrl(text);
  if (url === null) return noUrl(text);
  let fields = fieldsOf(headers);
  let hops: u32 = 0;
  while (true) {
    const answer = exchange(method, url, fields, null, MAX_BODY);
    if (!answer.isOk) return fail(answer.error);
    const location = answer.value.field("location");
    if (location === null || !isRedirect(answer.value.status) || isIn(accept, answer.value.status)) {
      return responseOf(answer.value, url, accept);
    }
    if (hops++ == MAX_REDIRECTS) return Result.err<Response, HttpError>(HttpError.tooManyRedirects(MAX_REDIRECTS));
    const next = url.resolve(location);
    if (next === null) return noUrl(location);
    if (!next.hasOriginOf(url)) fields = [];
    url = next;
  }
}

function wireMethod(method: Method): WireMethod {
  switch (method) {
    case Method.Post:
      return WireMethod.post();
    case Method.Put:
      return WireMethod.put();
    case Method.Patch:
      return WireMethod.patch();
    default:
      return WireMethod.delete_();
  }
}

function fieldsOf(headers: Header[] | null): Field[] {
  return headers === null ? [] : headers.map<Field>((header) => new Field(header.name, header.value));
}

function isRedirect(status: u16): bool {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

function isIn(accept: u16[] | null, status: u16): bool {
  return accept !== null && accept.includes(status);
}

function noUrl(text: string): Result<Response, HttpError> {
  return Result.err<Response, HttpError>(HttpError.invalid('"' + text + '" is no URL of http or https that can be asked'));
}

function fail(trouble: Trouble): Result<Response, HttpError> {
  return Result.err<Response, HttpError>(errorOf(trouble));
}

function errorOf(trouble: Trouble): HttpError {
  switch (trouble.kind) {
    case TroubleKind.Invalid:
      return HttpError.invalid(trouble.text);
    case TroubleKind.Denied:
      return HttpError.denied(trouble.text);
    case TroubleKind.Unreachable:
      return HttpError.unreachable_(trouble.text);
    case TroubleKind.Timeout:
      return HttpError.timeout(trouble.text);
    case TroubleKind.TooLarge:
      return HttpError.tooLarge(MAX_BODY);
    default:
      return HttpError.noAnswer(trouble.text);
  }
}

function responseOf(answer: Answer, url: Url, accept: u16[] | null): Result<Response, HttpError> {
  const length = <i32>answer.body.length;
  const decoded = decodeUtf8(answer.body.address, length, heap.alloc(decodedSize(length)));
  const isGood = (answer.status >= 200 && answer.status < 300) || isIn(accept, answer.status);
  if (decoded.problem >= 0 && isGood) return Result.err<Response, HttpError>(HttpError.notText());
  const headers = answer.fields.map<Header>((field) => new Header(field.name, field.value));
  const response = new Response(answer.status, url.text, headers, decoded.problem < 0 ? decoded.text : "");
  if (isGood) return Result.ok<Response, HttpError>(response);
  const isRejected = answer.status >= 400 && answer.status < 500;
  return Result.err<Response, HttpError>(isRejected ? HttpError.rejected(response) : HttpError.failed(response));
}
