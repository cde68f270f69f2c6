// Finds the real directories behind the paths that a scope grants.
// It must not know plans; what a grant means to a guest is decided in run-files.

import { accessSync, constants, realpathSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { GloveboxError } from "../errors.ts";
import type { Mount, Root } from "./protocol.ts";

/** One path of a scope, and the absolute path of the machine that it stands for. */
export interface HostGrant {
  readonly path: string;
  readonly host: string;
  readonly access: "read" | "write";
}

export interface Mounts {
  readonly roots: readonly Root[];
  readonly mounts: readonly Mount[];
}

const WORKSPACE = "workspace";

/**
 * Resolves grants to roots and mounts. Everything inside the workspace belongs to one root, so that it is committed in one piece.
 * Errors: WORKSPACE_INVALID when the workspace is no directory that may be read; SCOPE_INVALID when a grant points nowhere, or lets a plan write outside the workspace.
 */
export function resolveMounts(grants: readonly HostGrant[], workspace: string): Mounts {
  const workspacePath = realDirectory(workspace);
  const mounts: Mount[] = [];
  const roots = new Map<string, Root>();
  for (const grant of grants) {
    const { mount, root } = resolveGrant(grant, workspacePath);
    mounts.push(mount);
    const known = roots.get(root.id);
    roots.set(root.id, { ...root, writable: root.writable || known?.writable === true });
  }
  return { roots: [...roots.values()], mounts };
}

function resolveGrant(grant: HostGrant, workspace: string): { readonly mount: Mount; readonly root: Root } {
  const target = realTarget(grant);
  const { access, path: guestPath } = grant;
  const inside = target.path === workspace || target.path.startsWith(workspace === sep ? sep : workspace + sep);
  if (inside) {
    const path = relative(workspace, target.path).split(sep).join("/");
    const root = { id: WORKSPACE, hostPath: workspace, writable: access === "write" };
    return { mount: { guestPath, root: WORKSPACE, path, access, file: target.file }, root };
  }
  if (access === "write") throw outsideWorkspace(grant);
  const hostPath = target.file ? dirname(target.path) : target.path;
  const path = target.file ? basename(target.path) : "";
  return {
    mount: { guestPath, root: hostPath, path, access, file: target.file },
    root: { id: hostPath, hostPath, writable: false },
  };
}

interface Target {
  readonly path: string;
  readonly file: boolean;
}

/** The real path of what a grant points at; a file to be written need not be there yet, but its directory must. */
function realTarget(grant: HostGrant): Target {
  const path = resolve(grant.host);
  const stats = statOrNull(path);
  if (stats !== null) return { path: realpathSync(path), file: !stats.isDirectory() };
  const directory = dirname(path);
  if (grant.access === "write" && statOrNull(directory)?.isDirectory() === true) {
    return { path: join(realpathSync(directory), basename(path)), file: true };
  }
  throw new GloveboxError("SCOPE_INVALID", `the scope grants ${grant.path}, but there is nothing at ${path}`, {
    hint: `create ${path}, or correct "host" of the grant; a relative "host" starts at the scope file's directory`,
    data: { path: grant.path },
  });
}

function outsideWorkspace(grant: HostGrant): GloveboxError {
  return new GloveboxError(
    "SCOPE_INVALID",
    `the scope lets the plan write ${grant.path}, which lies outside the workspace`,
    {
      hint: "a plan writes into one workspace, so that its commit is all or nothing: choose a --workspace that contains it, or grant it with access: read",
      data: { path: grant.path },
    },
  );
}

function realDirectory(workspace: string): string {
  const path = resolve(workspace);
  if (statOrNull(path)?.isDirectory() !== true) throw workspaceInvalid(`the workspace ${path} is not a directory`);
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
  } catch {
    throw workspaceInvalid(`the workspace ${path} may not be read`);
  }
  return realpathSync.native(path);
}

function workspaceInvalid(message: string): GloveboxError {
  const hint = "name a directory that exists and that you may read with --workspace";
  return new GloveboxError("WORKSPACE_INVALID", message, { hint });
}

/** What cannot be reached is not there, as far as a grant is concerned. */
function statOrNull(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}
