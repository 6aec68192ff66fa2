// The package's own entry starts one parser for good; this is the factory beneath it.
/** What Node has and its types leave to the DOM's. */
declare namespace WebAssembly {
  class Module {
    private readonly compiled;
  }
  class Instance {
    constructor(module: Module, imports: Imports);
  }
  class RuntimeError extends Error {}
  type Imports = Readonly<Record<string, object>>;
  function compile(bytes: Uint8Array): Promise<Module>;
}

declare module "libpg-query/wasm/libpg-query.js" {
  function createModule(options: createModule.ParserOptions): Promise<createModule.ParserModule>;
  namespace createModule {
    interface ParserModule {
      _malloc(bytes: number): number;
      _free(pointer: number): void;
      _wasm_parse_query_raw(sql: number): number;
      _wasm_free_parse_result(result: number): void;
      getValue(pointer: number, type: "i32"): number;
      UTF8ToString(pointer: number): string;
      stringToUTF8(text: string, pointer: number, most: number): void;
      lengthBytesUTF8(text: string): number;
    }
    interface ParserOptions {
      instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object;
    }
  }
  export = createModule;
}
