// SHA-256 and SHA-512 (FIPS 180-4): one algorithm over words of 32 or 64 bits.
// Knows nothing of what is digested.

/** Of SHA-512. Those of SHA-256 are the upper halves of the first 64: both are the first bits of the same roots. */
const ROUND: StaticArray<u64> = [
  0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
  0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
  0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
  0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
  0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
  0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
  0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
  0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
  0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
  0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
  0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
  0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
  0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
  0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
  0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
  0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
  0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
  0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
  0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
  0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
];

/** Likewise. */
const START: StaticArray<u64> = [
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
];

/** Writes the SHA-256 of `length` bytes to `target`: 32 bytes. */
export function sha256(from: usize, length: i32, target: usize): void {
  digest<u32>(from, length, target);
}

/** Writes the SHA-512 of `length` bytes to `target`: 64 bytes. */
export function sha512(from: usize, length: i32, target: usize): void {
  digest<u64>(from, length, target);
}

function constant<T>(of512: u64): T {
  return sizeof<T>() == 8 ? <T>of512 : <T>(of512 >> 32);
}

function digest<T>(from: usize, length: i32, target: usize): void {
  const word: i32 = sizeof<T>();
  const block = 16 * word;
  const state = heap.alloc(8 * word);
  for (let i = 0; i < 8; i++) store<T>(state + word * i, constant<T>(unchecked(START[i])));
  const words = heap.alloc(80 * word);
  const whole = length - (length % block);
  for (let at = 0; at < whole; at += block) mix<T>(state, words, from + at);
  const rest = length - whole;
  const size = rest + 1 + 2 * word <= block ? block : 2 * block; // the length takes two words, behind the padding
  const last = heap.alloc(2 * block);
  memory.fill(last, 0, 2 * block);
  memory.copy(last, from + whole, rest);
  store<u8>(last + rest, 0x80);
  store<u64>(last + size - 8, bswap<u64>(<u64>length << 3));
  for (let at = 0; at < size; at += block) mix<T>(state, words, last + at);
  for (let i = 0; i < 8; i++) store<T>(target + word * i, bswap<T>(load<T>(state + word * i)));
}

function mix<T>(state: usize, words: usize, block: usize): void {
  const word: i32 = sizeof<T>();
  const wide = word == 8; // known when it is compiled
  const rounds = wide ? 80 : 64;
  for (let i = 0; i < 16; i++) store<T>(words + word * i, bswap<T>(load<T>(block + word * i)));
  for (let i = 16; i < rounds; i++) {
    const x = load<T>(words + word * (i - 15));
    const y = load<T>(words + word * (i - 2));
    const s0 = wide ? rotr<T>(x, 1) ^ rotr<T>(x, 8) ^ (x >> 7) : rotr<T>(x, 7) ^ rotr<T>(x, 18) ^ (x >> 3);
    const s1 = wide ? rotr<T>(y, 19) ^ rotr<T>(y, 61) ^ (y >> 6) : rotr<T>(y, 17) ^ rotr<T>(y, 19) ^ (y >> 10);
    store<T>(words + word * i, load<T>(words + word * (i - 16)) + s0 + load<T>(words + word * (i - 7)) + s1);
  }
  let a = load<T>(state);
  let b = load<T>(state + word);
  let c = load<T>(state + 2 * word);
  let d = load<T>(state + 3 * word);
  let e = load<T>(state + 4 * word);
  let f = load<T>(state + 5 * word);
  let g = load<T>(state + 6 * word);
  let h = load<T>(state + 7 * word);
  for (let i = 0; i < rounds; i++) {
    const s1 = wide
      ? rotr<T>(e, 14) ^ rotr<T>(e, 18) ^ rotr<T>(e, 41)
      : rotr<T>(e, 6) ^ rotr<T>(e, 11) ^ rotr<T>(e, 25);
    const round = constant<T>(unchecked(ROUND[i]));
    const first = h + s1 + ((e & f) ^ (~e & g)) + round + load<T>(words + word * i);
    const s0 = wide
      ? rotr<T>(a, 28) ^ rotr<T>(a, 34) ^ rotr<T>(a, 39)
      : rotr<T>(a, 2) ^ rotr<T>(a, 13) ^ rotr<T>(a, 22);
    const second = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  add<T>(state, 0, a);
  add<T>(state, 1, b);
  add<T>(state, 2, c);
  add<T>(state, 3, d);
  add<T>(state, 4, e);
  add<T>(state, 5, f);
  add<T>(state, 6, g);
  add<T>(state, 7, h);
}

function add<T>(state: usize, index: i32, value: T): void {
  const at = state + <i32>sizeof<T>() * index;
  store<T>(at, load<T>(at) + value);
}
