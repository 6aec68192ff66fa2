const RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
const SHORT_NAME = /^[^.~]{1,7}~\d{1,6}(\.[^.]{0,3})?$/;

/**
 * Why Windows would open something else than this one entry, or undefined when it would not:
 * alternate data streams (`a.txt:x`), devices (`NUL`), trailing dots and spaces, and 8.3 aliases (`ENV~1`), which
 * would slip past the secrets policy.
 */
export function windowsNameProblem(name: string): string | undefined {
  if (/[<>:"|?*]/.test(name)) return 'contains one of < > : " | ? *';
  if (/[. ]$/.test(name)) return "ends with a dot or a space";
  if (RESERVED.test(name)) return "is the name of a device";
  if (SHORT_NAME.test(name)) return "looks like a short (8.3) alias; use the long name";
  return undefined;
}
