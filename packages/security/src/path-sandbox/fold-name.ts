/**
 * One spelling for all that some file system takes for the same name: letter case (`ſ` is an S), Unicode form,
 * invisible characters, and the trailing dots and spaces of FAT.
 */
export function foldName(name: string): string {
  const folded = /^[\x20-\x7e]*$/.test(name) ? name.toLowerCase() : foldUnicode(name);
  const bare = folded.endsWith(".") || folded.endsWith(" ") ? folded.replace(/(?<![. ])[. ]+$/, "") : folded;
  return bare || folded;
}

const foldUnicode = (text: string) =>
  text
    .normalize("NFD")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFC");
