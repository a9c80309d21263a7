/**
 * As much of the JavaScript interface of WebAssembly as is used here. Node has it, but its types come
 * only with those of the browser.
 */
interface WebAssemblyInterface {
  readonly Memory: new (descriptor: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: boolean;
  }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: unknown) => { readonly exports: unknown };
}

/** A memory; growing it makes a new `buffer`. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  /** Adds pages; throws a RangeError where that is not possible. */
  grow(pages: number): number;
}

/** Compiled code, which other threads can be given. */
export interface WasmModule {
  /** Only for telling the types apart. */
  readonly [Symbol.toStringTag]?: string;
}

/** WebAssembly of this machine. */
export const WASM: WebAssemblyInterface = (
  globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface }
).WebAssembly;

/** Bytes of a page of memory. */
export const PAGE_BYTES = 65_536;
/** Pages that 32-bit addresses reach. */
export const PAGES_MAX = 65_536;
