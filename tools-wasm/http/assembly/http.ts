// The actions of the tool `http`, as its WIT has them.
// Knows nothing of streams and handles.

import { Result } from "../../sdk/assembly/result";
import { decodedSize, decodeUtf8 } from "../../sdk/assembly/utf8-decode";
import { Header, HttpError, Method, Response } from "./bindings/http";
import { Method as WireMethod } from "./bindings/wasi-http-types";
import { Answer, exchange, Field } from "./exchange";
import { follow, isIn, MAX_REDIRECTS } from "./follow";
import { Trouble, TroubleKind } from "./trouble";
import { parseUrl, Url } from "./url";

const MAX_BODY: usize = 4 * 1024 * 1024;

export function get_(url: string, headers: Header[] | null, accept: u16[] | null): Result<Response, HttpError> {
  return read(WireMethod.get_(), url, headers, accept);
}

export function head(url: string, headers: Header[] | null, accept: u16[] | null): Result<Response, HttpError> {
  return read(WireMethod.head(), url, headers, accept);
}

export function request(method: Method, url: string, headers: Header[] | null, body: string | null, accept: u16[] | null): Result<Response, HttpError> {
  const target = parseUrl(url);
  if (target === null) return fail(Trouble.noUrl(url));
  const answer = exchange(wireMethod(method), target, fieldsOf(headers), body, MAX_BODY);
  return answer.isOk ? responseOf(answer.value, target, accept) : fail(answer.error);
}

function read(method: WireMethod, text: string, headers: Header[] | null, accept: u16[] | null): Result<Response, HttpError> {
  const url = parseUrl(text);
  if (url === null) return fail(Trouble.noUrl(text));
  const followed = follow(method, url, fieldsOf(headers), accept, MAX_BODY);
  return followed.isOk ? responseOf(followed.value.answer, followed.value.url, accept) : fail(followed.error);
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
    case TroubleKind.Redirects:
      return HttpError.tooManyRedirects(MAX_REDIRECTS);
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
