/**
 * Replaces what stands between `<!-- generated:name -->` and `<!-- /generated -->`.
 * @throws Error when the document lacks one of the blocks
 */
export function replaceBlocks(document: string, blocks: Record<string, string>): string {
  return Object.entries(blocks).reduce((text, [name, body]) => {
    const opening = `<!-- generated:${name} -->`;
    const closing = "<!-- /generated -->";
    const start = text.indexOf(opening);
    const end = text.indexOf(closing, start);
    if (start < 0 || end < 0) throw new Error(`There is no block ${opening} … ${closing} to fill.`);
    return `${text.slice(0, start + opening.length)}\n${body}\n${text.slice(end)}`;
  }, document);
}

/** A Markdown table; cells are escaped. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(" | ")} |`;
  return [line(header), `|${" --- |".repeat(header.length)}`, ...rows.map(line)].join("\n");
}

const escapeCell = (cell: string) => cell.replaceAll("|", "\\|").replaceAll("\n", " ");
