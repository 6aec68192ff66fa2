import "pg";

// Members of pg 8 that its published types leave out.
declare module "pg" {
  interface ClientBase {
    readonly processID: number | null;
    readonly secretKey: number | null;
  }

  interface ClientConfig {
    sslNegotiation?: "postgres" | "direct" | undefined;
  }

  interface Connection {
    connect(path: string): void;
    connect(port: number, host: string): void;
    requestSsl(): void;
    cancel(processID: number, secretKey: number): void;
  }
}
