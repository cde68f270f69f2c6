import { createCipheriv } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ChaCha20 } from "../../host/wasi/chacha20.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const counting = Uint8Array.from({ length: 32 }, (_, index) => index);

test("the key stream of RFC 8439 section 2.3.2 comes out", () => {
  const stream = new ChaCha20(counting, hex("000000090000004a00000000"), 1);
  expect(stream.bytes(64)).toEqual(
    hex(
      `10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e
         d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e`.replace(/\s/g, ""),
    ),
  );
});

test("the key streams of RFC 8439 appendix A.1, vectors 1 and 2, come out as consecutive blocks", () => {
  const stream = new ChaCha20(new Uint8Array(32), new Uint8Array(12));
  expect(stream.bytes(128)).toEqual(
    hex(
      `76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7
         da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586
         9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed
         29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f`.replace(/\s/g, ""),
    ),
  );
});

test("every key, nonce and length gives OpenSSL's bytes", () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(bytes(32), bytes(12), fc.integer({ min: 0, max: 1000 }), (key, nonce, length) => {
      const cipher = createCipheriv("chacha20", key, Buffer.concat([Buffer.alloc(4), nonce]));
      expect(Buffer.from(new ChaCha20(key, nonce).bytes(length))).toEqual(cipher.update(Buffer.alloc(length)));
    }),
  );
});

test("how the stream is cut into requests does not change it", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 20 }), (lengths) => {
      const cut = new ChaCha20(counting, new Uint8Array(12));
      const pieces = lengths.map((length) => cut.bytes(length));
      const whole = new ChaCha20(counting, new Uint8Array(12)).bytes(lengths.reduce((sum, next) => sum + next, 0));
      expect(Buffer.concat(pieces)).toEqual(Buffer.from(whole));
    }),
  );
});

test("u64 reads eight bytes of the stream, little-endian", () => {
  expect(new ChaCha20(new Uint8Array(32), new Uint8Array(12)).u64()).toBe(0x903df1a0ade0b876n);
});
