import type { GuardedResponse, UrlGuard } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import type { Credentials } from "../access/credentials.js";
import { type Advertisement, readAdvertisement } from "./advertisement.js";
import { httpProblem } from "./http-problem.js";
import { packet, readPackets } from "./pkt-line.js";

export type Service = "git-upload-pack" | "git-receive-pack";

export interface ConnectionOptions {
  readonly guard: UrlGuard;
  readonly credentials: Credentials;
  readonly service: Service;
  readonly signal?: AbortSignal | undefined;
}

const AGENT = "agent=mcp-server-git";
const MOST_REDIRECTS = 3;
/** Of a list of refs, or of a report. */
const MOST_WORDS_BYTES = 256 * 1024 ** 2;
/** Below it a request states its length, which some proxies insist on. */
const LARGEST_UNCHUNKED = 1024 ** 2;

/** A repository at the other end of git's smart HTTP protocol. */
export class Connection {
  readonly advertisement: Advertisement;
  readonly #base: string;
  readonly #authorization: string | undefined;
  readonly #options: ConnectionOptions;

  /**
   * Asks the repository what it has and can do. Credentials go out when the server asks for them, and only to the host they
   * are configured for; redirects are followed here and nowhere else.
   * @throws ToolError PERMISSION_DENIED, NOT_FOUND, UNAVAILABLE, UPSTREAM, UNSUPPORTED
   */
  static async open(url: URL, options: ConnectionOptions): Promise<Connection> {
    const { service, credentials } = options;
    const asked = `/info/refs?service=${service}`;
    let target = new URL(url.href.replace(/\/*$/, "") + asked);
    let authorization: string | undefined;
    let response = await greet(target, authorization, options);
    if ([401, 403, 404].includes(response.status)) {
      authorization = credentials.authorizationFor(response.url, response.headers["www-authenticate"]);
      if (authorization !== undefined) {
        response.body.drop();
        target = response.url;
        response = await greet(target, authorization, options);
      }
    }
    if (response.status !== 200) throw problemOf(response, authorization !== undefined);
    if (!hasType(response, `application/x-${service}-advertisement`)) {
      response.body.drop();
      throw new ToolError("UNSUPPORTED", `${response.url.host} does not serve a git repository there`, {
        hint: "Check the URL: it must serve git's smart HTTP protocol",
      });
    }
    const base = response.url.href;
    if (!base.endsWith(asked))
      throw new ToolError("UPSTREAM", `${url.host} redirects to something else than a repository`);
    const advertisement = await readAdvertisement(readPackets(response.body));
    return new Connection({ advertisement, base: base.slice(0, -asked.length), authorization, options });
  }

  private constructor(parts: {
    advertisement: Advertisement;
    base: string;
    authorization: string | undefined;
    options: ConnectionOptions;
  }) {
    this.advertisement = parts.advertisement;
    this.#base = parts.base;
    this.#authorization = parts.authorization;
    this.#options = parts.options;
  }

  /** What protocol 2 wants at the head of every request. */
  identity(): Buffer[] {
    return [
      packet(AGENT),
      ...(this.advertisement.capabilities.has("object-format") ? [packet("object-format=sha1")] : []),
    ];
  }

  /**
   * One exchange with the service.
   * @param request a list, or a stream of any length
   * @param maxBytes of the answer
   * @throws ToolError as {@link open}; TOO_LARGE
   */
  async post(
    request: readonly Buffer[] | AsyncIterable<Buffer>,
    maxBytes = MOST_WORDS_BYTES,
  ): Promise<AsyncIterable<Buffer>> {
    const { guard, service, signal } = this.#options;
    const body = Array.isArray(request) ? wholeOrStreamed(request) : (request as AsyncIterable<Buffer>);
    const response = await guard.request(`${this.#base}/${service}`, {
      method: "POST",
      headers: {
        ...headersFor(service, this.#authorization),
        "content-type": `application/x-${service}-request`,
        accept: `application/x-${service}-result`,
      },
      body,
      maxBytes,
      signal,
    });
    if (response.status !== 200) throw problemOf(response, this.#authorization !== undefined);
    if (!hasType(response, `application/x-${service}-result`)) {
      response.body.drop();
      throw new ToolError("UPSTREAM", `${response.url.host} answered something that is not git's protocol`);
    }
    return response.body;
  }
}

const hasType = ({ headers }: GuardedResponse, type: string): boolean =>
  headers["content-type"]?.split(";")[0] === type;

const greet = (url: URL, authorization: string | undefined, { guard, service, signal }: ConnectionOptions) =>
  guard.request(url, {
    headers: headersFor(service, authorization),
    maxBytes: MOST_WORDS_BYTES,
    maxRedirects: MOST_REDIRECTS,
    signal,
  });

function headersFor(service: Service, authorization: string | undefined): Record<string, string> {
  return {
    // Some hosts answer browsers with pages, and whatever does not call itself git.
    "user-agent": "git/2.0 (mcp-server-git)",
    // Pushing knows no protocol 2.
    ...(service === "git-upload-pack" && { "git-protocol": "version=2" }),
    ...(authorization !== undefined && { authorization }),
  };
}

function wholeOrStreamed(parts: readonly Buffer[]): Buffer | AsyncIterable<Buffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return length <= LARGEST_UNCHUNKED ? Buffer.concat(parts) : streamed(parts);
}

async function* streamed(parts: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* parts;
}

function problemOf(response: GuardedResponse, isAuthorized: boolean): ToolError {
  response.body.drop();
  return httpProblem(response, isAuthorized);
}
