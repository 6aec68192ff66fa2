import { SecretPolicy } from "./secret-policy.js";
import type { SecretPatterns } from "./types.js";

const TEMPLATE_SUFFIXES = ["example", "sample", "template", "dist", "defaults"];

/** What holds secrets on most machines. Public keys (`*.pub`) and templates (`.env.example`) are not among them. */
export const defaultSecrets: SecretPatterns = {
  deny: [
    // Environments
    ".env*",
    "*.env",
    // Private keys and key stores
    ".ssh",
    ".gnupg",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ecdsa_sk",
    "id_ed25519",
    "id_ed25519_sk",
    "*.pem",
    "*.key",
    "*.p8",
    "*.p12",
    "*.pfx",
    "*.ppk",
    "*.jks",
    "*.keystore",
    "*.kdbx",
    "*.keychain",
    "*.keychain-db",
    ".password-store",
    // Credential files
    ".netrc",
    "_netrc",
    ".npmrc",
    ".pypirc",
    ".pgpass",
    "pgpass.conf",
    ".my.cnf",
    ".mylogin.cnf",
    ".git-credentials",
    ".dockercfg",
    ".htpasswd",
    ".s3cfg",
    ".boto",
    ".vault-token",
    "credentials.json",
    "credentials.tfrc.json",
    "application_default_credentials.json",
    "client_secret*.json",
    "service-account*.json",
    "service_account*.json",
    "secrets.json",
    "secrets.toml",
    "secrets.yaml",
    "secrets.yml",
    "**/.aws/credentials",
    "**/.aws/sso",
    "**/.azure/accessTokens.json",
    "**/.azure/msal_token_cache.bin",
    "**/.azure/msal_token_cache.json",
    "**/.cargo/credentials",
    "**/.cargo/credentials.toml",
    "**/.composer/auth.json",
    "**/.config/gcloud",
    "**/.config/gh/hosts.yml",
    "**/.config/git/credentials",
    "**/.docker/config.json",
    "**/.gem/credentials",
    "**/.kube/config",
    "**/.m2/settings-security.xml",
  ],
  allow: TEMPLATE_SUFFIXES.flatMap((suffix) => [`.env*.${suffix}`, `${suffix}.env`]),
};

/** The defaults and the user's own patterns. The user's win: a template they deny is hidden. */
export function secretPatterns(deny: readonly string[] = [], allow: readonly string[] = []): SecretPatterns {
  const denied = new SecretPolicy({ deny, allow: [] });
  const templates = defaultSecrets.allow.filter((pattern) => !denied.hides(pattern));
  return { deny: [...defaultSecrets.deny, ...deny], allow: [...templates, ...allow] };
}
