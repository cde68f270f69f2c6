// Single calls through an overlay, against plain node:fs and against memfs.

import * as fs from "node:fs";
import { Volume } from "memfs";
import { createOverlay, memoryBase, nodeBase } from "../../sandbox-fs/index.ts";
import { atMost, type Figure, figure, interleave, percentile, type Work } from "../harness.ts";
import { place } from "./trees.ts";

const clock = (): bigint => 1_700_000_000_000_000_000n;
const LARGE = 16 * 1024 * 1024;
const SMALL = 4096;
const FILES = 200;

/** Reads of base files against node:fs: the first look at a file, and later ones. */
export async function readFigures(): Promise<Figure[]> {
  const { path, dispose } = place();
  try {
    for (let i = 0; i < FILES; i += 1) fs.writeFileSync(`${path}/f${i}`, new Uint8Array(SMALL).fill(i));
    fs.writeFileSync(`${path}/large`, new Uint8Array(LARGE).fill(7));
    const overlay = createOverlay(nodeBase(path), { clock });
    const { root } = overlay;
    const small = new Uint8Array(SMALL);
    const large = new Uint8Array(LARGE);
    const fd = fs.openSync(`${path}/large`, "r");
    const handle = overlay.open(root, "large");
    const plainRead = each((name) => {
      const open = fs.openSync(`${path}/${name}`, "r");
      fs.readSync(open, small, 0, SMALL, 0);
      fs.closeSync(open);
    });
    const figures = [
      ...(await against(
        "stat",
        each((name) => fs.statSync(`${path}/${name}`)),
        each((name) => overlay.statAt(root, name)),
      )),
      ...(await against(
        "open, close",
        each((name) => fs.closeSync(fs.openSync(`${path}/${name}`, "r"))),
        each((name) => overlay.close(overlay.open(root, name))),
      )),
      ...(await against(
        "open, read 4 KiB, close",
        plainRead,
        each((name) => {
          const open = overlay.open(root, name);
          overlay.read(open, small, 0n);
          overlay.close(open);
        }),
      )),
      ...(await against(
        "read 4 KiB",
        times(() => fs.readSync(fd, small, 0, SMALL, 8192)),
        times(() => overlay.read(handle, small, 8192n)),
      )),
      ...(await against(
        "read 16 MiB",
        () => fs.readSync(fd, large, 0, LARGE, 0),
        () => overlay.read(handle, large, 0n),
        20,
      )),
      ...(await writes(path)),
      ...(await firstLooks(path, plainRead)),
    ];
    fs.closeSync(fd);
    return figures;
  } finally {
    dispose();
  }
}

/** Work on files that only the overlay has, against memfs. */
export async function memoryFigures(): Promise<Figure[]> {
  const volume = new Volume();
  const overlay = createOverlay(memoryBase({}), { clock });
  const { root } = overlay;
  const bytes = new Uint8Array(SMALL);
  const large = new Uint8Array(LARGE);
  const handle = overlay.open(root, "large", { write: true, create: true });
  overlay.write(handle, large, 0n);
  volume.writeFileSync("/large", large);
  volume.writeFileSync("/small", bytes);
  const fd = volume.openSync("/large", "r+");
  const small = overlay.open(root, "small", { write: true, create: true });
  overlay.write(small, bytes, 0n);
  const create = times(() => {
    const open = overlay.open(root, "new", { write: true, create: true });
    overlay.write(open, bytes, 0n);
    overlay.close(open);
    overlay.unlink(root, "new");
  });
  const createThere = times(() => {
    const open = volume.openSync("/new", "w");
    volume.writeSync(open, bytes, 0, SMALL, 0);
    volume.closeSync(open);
    volume.unlinkSync("/new");
  });
  const pairs: [string, Work, Work, number?][] = [
    ["create, write 4 KiB, close, unlink", createThere, create],
    ["stat", times(() => volume.statSync("/small")), times(() => overlay.statAt(root, "small"))],
    [
      "open, close",
      times(() => volume.closeSync(volume.openSync("/small", "r"))),
      times(() => overlay.close(overlay.open(root, "small"))),
    ],
    [
      "write 4 KiB",
      times(() => volume.writeSync(fd, bytes, 0, SMALL, 8192)),
      times(() => overlay.write(handle, bytes, 8192n)),
    ],
    [
      "read 4 KiB",
      times(() => volume.readSync(fd, bytes, 0, SMALL, 8192)),
      times(() => overlay.read(handle, bytes, 8192n)),
    ],
    ["read 16 MiB", () => volume.readSync(fd, large, 0, LARGE, 0), () => overlay.read(handle, large, 0n), 20],
    ["write 16 MiB", () => volume.writeSync(fd, large, 0, LARGE, 0), () => overlay.write(handle, large, 0n), 20],
  ];
  const figures: Figure[] = [];
  for (const [name, theirs, ours, samples] of pairs) {
    const both = await interleave({ theirs, ours }, { samples: samples ?? 50, warmup: 10 });
    figures.push(
      figure(`${name}, against memfs`, percentile(both.ours, 50) / percentile(both.theirs, 50), "x", atMost(1)),
    );
  }
  return figures;
}

/** Writing over what is there: ours into a block that it holds, node:fs into the page cache. */
async function writes(path: string): Promise<Figure[]> {
  const bytes = new Uint8Array(SMALL);
  const overlay = createOverlay(nodeBase(path), { clock });
  const handle = overlay.open(overlay.root, "large", { write: true });
  const fd = fs.openSync(`${path}/large`, "r+");
  const figures = await against(
    "write 4 KiB",
    times(() => fs.writeSync(fd, bytes, 0, SMALL, 8192)),
    times(() => overlay.write(handle, bytes, 8192n)),
  );
  fs.closeSync(fd);
  overlay.discard();
  return figures;
}

/**
 * The same with an overlay that has seen nothing yet: what is looked at is looked up, and verified when it is opened. The
 * second ratio is to a program that does so with plain node:fs, because it must not follow symlinks nor open a FIFO. Of the
 * times, the fifth that is lowest counts: these samples are of different lengths, and a busy machine interrupts the long ones.
 */
async function firstLooks(path: string, plainRead: Work): Promise<Figure[]> {
  const small = new Uint8Array(SMALL);
  const fresh = (): void => {
    const overlay = createOverlay(nodeBase(path), { clock });
    each((name) => {
      const open = overlay.open(overlay.root, name);
      overlay.read(open, small, 0n);
      overlay.close(open);
    })();
    overlay.discard();
  };
  const careful = each((name) => carefulRead(`${path}/${name}`, small));
  const both = await interleave({ plainRead, careful, fresh }, { samples: 200, warmup: 200 });
  const [plain, looked, ours] = [both.plainRead, both.careful, both.fresh].map((each) => percentile(each, 20));
  if (plain === undefined || looked === undefined || ours === undefined) return [];
  const name = "first open, read 4 KiB, close of each file, against node:fs";
  return [
    figure(name, ours / plain, "x"),
    figure(`${name} that looks before it opens`, ours / looked, "x", atMost(1.3)),
  ];
}

async function against(name: string, plain: Work, ours: Work, samples = 50): Promise<Figure[]> {
  const both = await interleave({ plain, ours }, { samples, warmup: 10 });
  const ratio = percentile(both.ours, 50) / percentile(both.plain, 50);
  return [figure(`${name}, against node:fs`, ratio, "x", atMost(1.3))];
}

function carefulRead(path: string, buffer: Uint8Array): void {
  const { ino, dev } = fs.lstatSync(path, { bigint: true });
  const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  const opened = fs.fstatSync(fd, { bigint: true });
  if (opened.ino !== ino || opened.dev !== dev) throw new Error("another file");
  fs.readSync(fd, buffer, 0, buffer.length, 0);
  fs.closeSync(fd);
}

function each(work: (name: string) => unknown): Work {
  return () => {
    for (let i = 0; i < FILES; i += 1) work(`f${i}`);
  };
}

function times(work: () => unknown): Work {
  return () => {
    for (let i = 0; i < FILES; i += 1) work();
  };
}
