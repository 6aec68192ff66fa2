export { type AuditEntry, type AuditFile, type AuditLog, createAuditLog, openAuditFile } from "./audit.js";
export { configuredPath, existingDirectories } from "./directories/existing-directories.js";
export { pathOfRootUri } from "./directories/root-uri.js";
export { compileGlob, compileGlobDescent, type GlobOptions, type PathMatcher } from "./glob/glob.js";
export { errnoOf, fromErrno } from "./path-sandbox/errno.js";
export { openSandbox } from "./path-sandbox/open-sandbox.js";
export { defaultSecrets } from "./path-sandbox/secret-defaults.js";
export { SecretPolicy } from "./path-sandbox/secret-policy.js";
export type {
  OpenDirectory,
  OpenFile,
  PathSandbox,
  Place,
  PlaceOptions,
  ReplaceOptions,
  Root,
  RootSpec,
  SandboxOptions,
  SecretPatterns,
} from "./path-sandbox/types.js";
export { windowsNameProblem } from "./path-sandbox/windows-names.js";
export { createRateLimiter, type RateLimiter, type RateLimits } from "./rate-limit.js";
export { redact, secretSpellings } from "./redact.js";
export type { GuardedBody } from "./url-guard/guarded-body.js";
export type { GuardedRequest, GuardedResponse } from "./url-guard/guarded-request.js";
export { isPublicAddress } from "./url-guard/public-address.js";
export { createUrlGuard, type UrlGuard, type UrlGuardOptions } from "./url-guard/url-guard.js";
