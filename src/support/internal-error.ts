/** A fault of mdcheck itself, never of the spec it reads: the only error that mdcheck throws. */
export class InternalError extends Error {
  override readonly name = "InternalError";
}

/** Marks a place that the types say cannot be reached; does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new InternalError(`unexpected ${JSON.stringify(value)}`);
}

/** Narrows `value` where an invariant of mdcheck says that it is there; `what` names the invariant. */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) {
    throw new InternalError(`missing: ${what}`);
  }
  return value;
}
