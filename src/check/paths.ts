/** The folder that `path` is in: `.` for a bare name, `/` for what is at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "." : slash === 0 ? "/" : path.slice(0, slash);
}

/**
 * `path` without `.` and inner `..`, so that one file has one name: `specs/./a/../b.spec` becomes
 * `specs/b.spec`. Leading `..` of a relative path stay.
 */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  const rooted = path.startsWith("/");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") {
      continue;
    }
    if (part === ".." && (rooted || (parts.length > 0 && parts.at(-1) !== ".."))) {
      parts.pop();
    } else {
      parts.push(part);
    }
  }
  const joined = parts.join("/");
  return rooted ? `/${joined}` : joined === "" ? "." : joined;
}

/** `path` as seen from the folder `base`; an absolute path stays. */
export function resolvePath(base: string, path: string): string {
  return normalizePath(path.startsWith("/") ? path : `${base}/${path}`);
}
