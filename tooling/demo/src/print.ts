import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

const coloured = process.stdout.isTTY && !process.env.NO_COLOR;
const MOST_LINES = 12;

function style(format: Style, text: string): string {
  return coloured ? styleText(format, text) : text;
}

export function printHeading(text: string): void {
  console.log(`\n${style("bold", text)}`);
}

/** What happens, how long it took, what was called. */
export function printStep(title: string, milliseconds: number, call: string): void {
  console.log(`\n${style("bold", title)} ${style("dim", `(${milliseconds.toFixed(0)} ms)`)}`);
  console.log(`  ${style("cyan", call)}`);
}

export function printResult(text: string): void {
  printLines(text, (line) => line);
}

export function printDiff(text: string): void {
  printLines(text, (line) => {
    if (line.startsWith("+")) return style("green", line);
    return line.startsWith("-") ? style("red", line) : line;
  });
}

export function printRefusal(text: string): void {
  printLines(text, (line) => style("yellow", line));
}

function printLines(text: string, styled: (line: string) => string): void {
  const lines = text.trimEnd().split("\n");
  for (const line of lines.slice(0, MOST_LINES)) console.log(`  ${styled(line)}`);
  if (lines.length > MOST_LINES) console.log(style("dim", `  … and ${lines.length - MOST_LINES} more lines`));
}
