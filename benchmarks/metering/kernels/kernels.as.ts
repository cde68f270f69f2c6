// Five kernels in AssemblyScript; each export does work in proportion to its parameter and gives a checksum.
// Built by ../build-kernels.ts.

const SOLAR_MASS: f64 = 4 * Math.PI * Math.PI;

class Body {
  constructor(
    public x: f64,
    public y: f64,
    public z: f64,
    public vx: f64,
    public vy: f64,
    public vz: f64,
    public mass: f64,
  ) {}
}

export function nbody(n: i32): f64 {
  const bodies: Body[] = [
    new Body(0, 0, 0, 0, 0, 0, SOLAR_MASS),
    new Body(4.84, -1.16, -0.1, 0.6, 2.8, -0.02, 0.00095 * SOLAR_MASS),
    new Body(8.34, 4.12, -0.4, -1.01, 1.82, 0.008, 0.00028 * SOLAR_MASS),
    new Body(12.89, -15.11, -0.22, 1.08, 0.86, -0.01, 0.00004 * SOLAR_MASS),
    new Body(15.37, -25.9, 0.17, 0.97, 0.59, -0.03, 0.00005 * SOLAR_MASS),
  ];
  for (let step = 0; step < n; step++) {
    for (let i = 0; i < 5; i++) {
      const a = bodies[i];
      for (let j = i + 1; j < 5; j++) {
        const b = bodies[j];
        const dx = a.x - b.x,
          dy = a.y - b.y,
          dz = a.z - b.z;
        const d2 = dx * dx + dy * dy + dz * dz;
        const mag = 0.01 / (d2 * Math.sqrt(d2));
        a.vx -= dx * b.mass * mag;
        a.vy -= dy * b.mass * mag;
        a.vz -= dz * b.mass * mag;
        b.vx += dx * a.mass * mag;
        b.vy += dy * a.mass * mag;
        b.vz += dz * a.mass * mag;
      }
    }
    for (let i = 0; i < 5; i++) {
      const a = bodies[i];
      a.x += 0.01 * a.vx;
      a.y += 0.01 * a.vy;
      a.z += 0.01 * a.vz;
    }
  }
  return bodies[0].x;
}

let text = "";
let at = 0;

function value(): i32 {
  const c = text.charCodeAt(at);
  if (c == 91) {
    // [
    at++;
    let sum = 0;
    while (text.charCodeAt(at) != 93) {
      sum += value();
      if (text.charCodeAt(at) == 44) at++;
    }
    at++;
    return sum;
  }
  if (c == 123) {
    // {
    at++;
    let sum = 0;
    while (text.charCodeAt(at) != 125) {
      at++;
      while (text.charCodeAt(at) != 34) {
        sum += text.charCodeAt(at) & 3;
        at++;
      }
      at += 2;
      sum += value();
      if (text.charCodeAt(at) == 44) at++;
    }
    at++;
    return sum;
  }
  let n = 0;
  for (let d = text.charCodeAt(at) - 48; d >= 0 && d <= 9; d = text.charCodeAt(at) - 48) {
    n = n * 10 + d;
    at++;
  }
  return n;
}

export function json(n: i32): i32 {
  const parts: string[] = [];
  for (let i = 0; i < 200; i++) parts.push('{"id":' + i.toString() + ',"tags":[1,22,333],"inner":{"a":5,"bc":[7,8]}}');
  text = "[" + parts.join(",") + "]";
  let sum = 0;
  for (let round = 0; round < n; round++) {
    at = 0;
    sum += value();
  }
  return sum;
}

export function hashmap(n: i32): i32 {
  const map = new Map<i32, i32>();
  let x: u32 = 1;
  for (let i = 0; i < n; i++) {
    x = x * 1664525 + 1013904223;
    const key = (x >> 8) & 0x3fff;
    map.set(key, (map.has(key) ? map.get(key) : 0) + 1);
  }
  return map.size;
}

export function strings(n: i32): i32 {
  let total = 0;
  for (let round = 0; round < n; round++) {
    let s = "";
    for (let i = 0; i < 40; i++) s += i.toString() + ",";
    total += s.split(",").length + s.indexOf("39") + s.toUpperCase().length;
  }
  return total;
}

function ack(m: i32, n: i32): i32 {
  if (m == 0) return n + 1;
  if (n == 0) return ack(m - 1, 1);
  return ack(m - 1, ack(m, n - 1));
}

export function ackermann(n: i32): i32 {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += ack(2, 60);
  return sum;
}
