// glovebox/fs: the transactional copy-on-write filesystem, with its base for Node.
// It must not hold anything itself. Where there is no Node, import `portable.ts`.

export { type NodeBaseOptions, nodeBase } from "./node/node-base.ts";
export { type RecoverOptions, recover } from "./node/recover.ts";
export { type NodeFace, type NodePromises, nodeFace } from "./node-face/node-face.ts";
export * from "./portable.ts";
