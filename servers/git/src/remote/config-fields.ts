import { allowPrivateHosts, byteSize } from "@mcp-reference/validation";
import * as z from "zod";

const credentialHost = z
  .string()
  .regex(/^(?:https?:\/\/)?[\w.[\]:-]+$/i, "must be a host, or the origin of one: http://127.0.0.1:3000");

/** An entry of `remoteCredentials` in the config file. The secret is named, never written there. */
const remoteCredential = z.strictObject({
  host: credentialHost.describe("Host they are for, over https; or an origin"),
  username: z.string().min(1).optional().describe("Default: what hosts of tokens expect"),
  secretEnv: z.string().min(1).describe("Environment variable that holds the token or password"),
});

/** Settings of the remote tools, to be part of the server's config. */
export const remoteFields = {
  allowPrivateHosts,
  gitToken: z
    .string()
    .min(1)
    .optional()
    .describe("Token for gitCredentialHost")
    .meta({ secret: true, env: "GIT_TOKEN" }),
  gitUsername: z
    .string()
    .min(1)
    .optional()
    .describe("User name for gitCredentialHost")
    .meta({ env: "GIT_USERNAME", placeholder: "name" }),
  gitPassword: z
    .string()
    .min(1)
    .optional()
    .describe("Password for gitCredentialHost")
    .meta({ secret: true, env: "GIT_PASSWORD" }),
  gitCredentialHost: credentialHost
    .default("github.com")
    .describe("The only host that the token or password is shown to")
    .meta({ env: "GIT_CREDENTIAL_HOST", placeholder: "host" }),
  remoteCredentials: z.array(remoteCredential).default([]).describe("Credentials of more hosts"),
  maxPack: byteSize
    .prefault("1g")
    .describe("Largest pack that is fetched, in bytes; 64k and 16m work too")
    .meta({ placeholder: "bytes" }),
};

export type RemoteConfig = z.output<z.ZodObject<typeof remoteFields>>;
