// Eleven kernels in C; each export does work in proportion to its parameter and gives a checksum.
// Built by ../build-kernels.ts with clang, freestanding.

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
#define EXPORT(name) __attribute__((export_name(name)))

static u32 seed = 12345;
static u32 next(void) {
  seed = seed * 1664525u + 1013904223u;
  return seed >> 8;
}

static u8 memory_a[1 << 20], memory_b[1 << 20];
static u32 words[1 << 16];

void *memcpy(void *to, const void *from, unsigned long n) {
  u8 *t = to;
  const u8 *f = from;
  while (n--) *t++ = *f++;
  return to;
}

void *memset(void *to, int c, unsigned long n) {
  u8 *t = to;
  while (n--) *t++ = (u8)c;
  return to;
}

static const u32 K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#define ROR(x, n) (((x) >> (n)) | ((x) << (32 - (n))))

static void sha256_block(u32 *h, const u8 *p) {
  u32 w[64], s[8];
  for (int i = 0; i < 16; i++) w[i] = (u32)p[i * 4] << 24 | (u32)p[i * 4 + 1] << 16 | (u32)p[i * 4 + 2] << 8 | p[i * 4 + 3];
  for (int i = 16; i < 64; i++) {
    u32 a = ROR(w[i - 15], 7) ^ ROR(w[i - 15], 18) ^ (w[i - 15] >> 3), b = ROR(w[i - 2], 17) ^ ROR(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + a + w[i - 7] + b;
  }
  for (int i = 0; i < 8; i++) s[i] = h[i];
  for (int i = 0; i < 64; i++) {
    u32 t1 = s[7] + (ROR(s[4], 6) ^ ROR(s[4], 11) ^ ROR(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[i] + w[i];
    u32 t2 = (ROR(s[0], 2) ^ ROR(s[0], 13) ^ ROR(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    for (int j = 7; j > 0; j--) s[j] = s[j - 1];
    s[4] += t1;
    s[0] = t1 + t2;
  }
  for (int i = 0; i < 8; i++) h[i] += s[i];
}

EXPORT("sha256") u32 sha256(u32 n) {
  u32 h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  for (u32 i = 0; i < 64; i++) memory_a[i] = (u8)i;
  for (u32 i = 0; i < n; i++) sha256_block(h, memory_a);
  return h[0];
}

static double A[96 * 96], B[96 * 96], C[96 * 96];

EXPORT("gemm") double gemm(u32 n) {
  for (int i = 0; i < 96 * 96; i++) A[i] = i % 7 + 0.5, B[i] = i % 5 - 1.25, C[i] = 0;
  for (u32 round = 0; round < n; round++)
    for (int i = 0; i < 96; i++)
      for (int j = 0; j < 96; j++) {
        double sum = C[i * 96 + j] * 0.5;
        for (int k = 0; k < 96; k++) sum += A[i * 96 + k] * B[k * 96 + j];
        C[i * 96 + j] = sum;
      }
  return C[95 * 96 + 3];
}

EXPORT("fib") u32 fib(u32 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

static void sort(u32 *v, int low, int high) {
  while (low < high) {
    u32 pivot = v[(low + high) >> 1];
    int i = low, j = high;
    while (i <= j) {
      while (v[i] < pivot) i++;
      while (v[j] > pivot) j--;
      if (i <= j) {
        u32 t = v[i];
        v[i++] = v[j];
        v[j--] = t;
      }
    }
    if (j - low < high - i) {
      sort(v, low, j);
      low = i;
    } else {
      sort(v, i, high);
      high = j;
    }
  }
}

EXPORT("quicksort") u32 quicksort(u32 n) {
  u32 sum = 0;
  for (u32 round = 0; round < n; round++) {
    for (u32 i = 0; i < 1 << 15; i++) words[i] = next();
    sort(words, 0, (1 << 15) - 1);
    sum = sum * 31 + words[1 << 14];
  }
  return sum;
}

EXPORT("sieve") u32 sieve(u32 n) {
  u32 count = 0;
  for (u32 round = 0; round < n; round++) {
    count = 0;
    for (u32 i = 0; i < 1 << 18; i++) memory_a[i] = 1;
    for (u32 i = 2; i < 1 << 18; i++)
      if (memory_a[i]) {
        count++;
        for (u32 j = i * 2; j < 1 << 18; j += i) memory_a[j] = 0;
      }
  }
  return count;
}

EXPORT("search") u32 search(u32 n) {
  static const char needle[] = "needle";
  u32 found = 0;
  for (u32 i = 0; i < 1 << 18; i++) memory_b[i] = "nedl eabc"[next() % 9];
  for (u32 round = 0; round < n; round++)
    for (u32 i = 0; i + 6 <= 1 << 18; i++) {
      u32 j = 0;
      while (j < 6 && memory_b[i + j] == (u8)needle[j]) j++;
      found += j == 6;
    }
  return found;
}

EXPORT("mandelbrot") u32 mandelbrot(u32 n) {
  u32 total = 0;
  for (u32 y = 0; y < n; y++)
    for (u32 x = 0; x < n; x++) {
      double cr = x * 3.0 / n - 2.0, ci = y * 2.0 / n - 1.0, zr = 0, zi = 0;
      u32 i = 0;
      while (i < 200 && zr * zr + zi * zi < 4) {
        double t = zr * zr - zi * zi + cr;
        zi = 2 * zr * zi + ci;
        zr = t;
        i++;
      }
      total += i;
    }
  return total;
}

typedef struct node {
  struct node *left, *right;
} node;
static node pool[1 << 17];
static u32 taken;

static node *grow(u32 depth) {
  node *n = &pool[taken++];
  n->left = depth ? grow(depth - 1) : 0;
  n->right = depth ? grow(depth - 1) : 0;
  return n;
}
static u32 check(const node *n) { return n->left ? 1 + check(n->left) + check(n->right) : 1; }

EXPORT("trees") u32 trees(u32 n) {
  u32 sum = 0;
  for (u32 round = 0; round < n; round++) {
    taken = 0;
    sum += check(grow(15));
  }
  return sum;
}

enum { PUSH, ADD, SUB, DUP, JNZ, SWAP, MUL, HALT };

EXPORT("interpreter") u32 interpreter(u32 n) {
  const int program[] = {PUSH, 1, SWAP, DUP, PUSH, 3, ADD, PUSH, 7, MUL, PUSH, 11, SUB, SWAP, PUSH, 1, SUB, SWAP, SWAP, DUP, JNZ, 26, HALT, 0, 0, 0, JNZ, 3, HALT};
  int stack[64], top = 0;
  u32 pc = 0, steps = 0;
  stack[top++] = 0;
  stack[top++] = (int)n;
  for (;;) {
    steps++;
    switch (program[pc++]) {
    case PUSH: stack[top++] = program[pc++]; break;
    case ADD: top--; stack[top - 1] += stack[top]; break;
    case SUB: top--; stack[top - 1] -= stack[top]; break;
    case MUL: top--; stack[top - 1] *= stack[top]; break;
    case DUP: stack[top] = stack[top - 1]; top++; break;
    case SWAP: { int t = stack[top - 1]; stack[top - 1] = stack[top - 2]; stack[top - 2] = t; break; }
    case JNZ: { u32 to = (u32)program[pc++]; if (stack[top - 1]) pc = to; if (top > 40) top = 3; break; }
    default: return steps + (u32)stack[top - 1];
    }
    if (steps >= n) return steps + (u32)stack[top - 1];
  }
}

EXPORT("copy") u32 copy(u32 n) {
  u32 sum = 0;
  for (u32 round = 0; round < n; round++) {
    for (u32 i = 0; i < 1 << 16; i += 8) *(u64 *)(memory_b + i) = *(u64 *)(memory_a + i) + round;
    sum += memory_b[round & 0xffff];
  }
  return sum;
}

EXPORT("collatz") u32 collatz(u32 n) {
  u32 longest = 0;
  for (u64 i = 1; i < n; i++) {
    u32 steps = 0;
    for (u64 v = i; v != 1; steps++) v = v & 1 ? v * 3 + 1 : v >> 1;
    if (steps > longest) longest = steps;
  }
  return longest;
}
