// What a host offers to components: the words in which admission asks "may this be imported?".
// A leaf: it knows neither components nor the host that implements the interfaces.

/** One WASI interface that the host implements, in any 0.2.x version. */
export interface SupportedInterface {
  /** Without version: `wasi:filesystem/types`. */
  readonly name: string;
  /** WIT extern names: `get-directories`, `[method]descriptor.read-via-stream`. Dropping a resource needs no entry. */
  readonly functions: ReadonlySet<string>;
}
