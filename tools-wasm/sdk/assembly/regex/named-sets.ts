// The sets that patterns have names for: \d, \w, \s and the POSIX classes.
// Knows nothing of where a pattern may use them.

import { CharSet } from "./char-set";

const DIGIT: StaticArray<i32> = [0x30, 0x39];
const WORD: StaticArray<i32> = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
// White space and line ends as ECMAScript defines them for \s.
const SPACE: StaticArray<i32> = [
  0x09, 0x0d, 0x20, 0x20, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f,
  0x3000, 0x3000, 0xfeff, 0xfeff,
];

/** [0-9A-Za-z_] */
export function wordSet(): CharSet {
  return CharSet.of(WORD);
}

/** The set that `\d`, `\w` or `\s` names; null for any other letter. */
export function escapeSet(letter: i32): CharSet | null {
  switch (letter) {
    case 0x64: // d
      return CharSet.of(DIGIT);
    case 0x77: // w
      return wordSet();
    case 0x73: // s
      return CharSet.of(SPACE);
    default:
      return null;
  }
}

/** The set that `[:name:]` names, over ASCII; null for an unknown name. */
export function posixSet(name: string): CharSet | null {
  if (name == "alpha") return CharSet.of([0x41, 0x5a, 0x61, 0x7a]);
  if (name == "digit") return CharSet.of(DIGIT);
  if (name == "alnum") return CharSet.of([0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a]);
  if (name == "upper") return CharSet.of([0x41, 0x5a]);
  if (name == "lower") return CharSet.of([0x61, 0x7a]);
  if (name == "space") return CharSet.of([0x09, 0x0d, 0x20, 0x20]);
  if (name == "blank") return CharSet.of([0x09, 0x09, 0x20, 0x20]);
  if (name == "punct") return CharSet.of([0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e]);
  if (name == "print") return CharSet.of([0x20, 0x7e]);
  if (name == "graph") return CharSet.of([0x21, 0x7e]);
  if (name == "cntrl") return CharSet.of([0x00, 0x1f, 0x7f, 0x7f]);
  if (name == "xdigit") return CharSet.of([0x30, 0x39, 0x41, 0x46, 0x61, 0x66]);
  if (name == "word") return wordSet();
  return null;
}
