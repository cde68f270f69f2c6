// What may become of a request besides an answer: WASI's 39 codes as six.
// Knows nothing of contracts.

import { ErrorCode, ErrorCodeKind } from "./bindings/wasi-http-types";

export enum TroubleKind {
  /** It cannot be sent as it is. */
  Invalid,
  /** The host does not let it out. */
  Denied,
  /** It was not sent, because nobody was there. */
  Unreachable,
  /** It was sent, and nothing came in time. */
  Timeout,
  /** It was sent, and what came was no answer. */
  NoAnswer,
  /** The answer is larger than the caller wants it. */
  TooLarge,
  /** It leads on and on. */
  Redirects,
}

/** Why there is no answer. */
export class Trouble {
  constructor(
    public kind: TroubleKind,
    /** WASI's code, or what is invalid. */
    public text: string,
  ) {}

  static invalid(why: string): Trouble {
    return new Trouble(TroubleKind.Invalid, why);
  }

  static noUrl(text: string): Trouble {
    return Trouble.invalid('"' + text + '" is no URL of http or https that can be asked');
  }

  static ofHost(code: ErrorCode): Trouble {
    return new Trouble(kindOf(code.kind), NAMES[code.kind]);
  }
}

function kindOf(code: ErrorCodeKind): TroubleKind {
  switch (code) {
    case ErrorCodeKind.HttpRequestDenied:
    case ErrorCodeKind.DestinationIpProhibited:
      return TroubleKind.Denied;
    case ErrorCodeKind.DnsTimeout:
    case ErrorCodeKind.DnsError:
    case ErrorCodeKind.DestinationNotFound:
    case ErrorCodeKind.DestinationUnavailable:
    case ErrorCodeKind.DestinationIpUnroutable:
    case ErrorCodeKind.ConnectionRefused:
    case ErrorCodeKind.ConnectionTimeout:
    case ErrorCodeKind.ConnectionLimitReached:
    case ErrorCodeKind.TlsCertificateError:
      return TroubleKind.Unreachable;
    case ErrorCodeKind.ConnectionReadTimeout:
    case ErrorCodeKind.ConnectionWriteTimeout:
    case ErrorCodeKind.HttpResponseTimeout:
      return TroubleKind.Timeout;
    case ErrorCodeKind.HttpRequestBodySize:
    case ErrorCodeKind.HttpRequestMethodInvalid:
    case ErrorCodeKind.HttpRequestUriInvalid:
    case ErrorCodeKind.HttpRequestUriTooLong:
      return TroubleKind.Invalid;
    default:
      return TroubleKind.NoAnswer;
  }
}

const NAMES: StaticArray<string> = [
  "DNS-timeout",
  "DNS-error",
  "destination-not-found",
  "destination-unavailable",
  "destination-IP-prohibited",
  "destination-IP-unroutable",
  "connection-refused",
  "connection-terminated",
  "connection-timeout",
  "connection-read-timeout",
  "connection-write-timeout",
  "connection-limit-reached",
  "TLS-protocol-error",
  "TLS-certificate-error",
  "TLS-alert-received",
  "HTTP-request-denied",
  "HTTP-request-length-required",
  "HTTP-request-body-size",
  "HTTP-request-method-invalid",
  "HTTP-request-URI-invalid",
  "HTTP-request-URI-too-long",
  "HTTP-request-header-section-size",
  "HTTP-request-header-size",
  "HTTP-request-trailer-section-size",
  "HTTP-request-trailer-size",
  "HTTP-response-incomplete",
  "HTTP-response-header-section-size",
  "HTTP-response-header-size",
  "HTTP-response-body-size",
  "HTTP-response-trailer-section-size",
  "HTTP-response-trailer-size",
  "HTTP-response-transfer-coding",
  "HTTP-response-content-coding",
  "HTTP-response-timeout",
  "HTTP-upgrade-failed",
  "HTTP-protocol-error",
  "loop-detected",
  "configuration-error",
  "internal-error",
];
