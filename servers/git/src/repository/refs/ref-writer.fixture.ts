import { ToolError } from "@mcp-reference/validation";
import { openRepository } from "../open-repository.js";

/** A process of its own that makes and moves refs: `<repository> <number> <commit> <other commit> <rounds>`. */
const [dir = "", number = "", commit = "", other = "", rounds = "1"] = process.argv.slice(2);
const { refs } = openRepository(dir, { paths: [dir] });
const who = { name: "W", email: "w@example.com", seconds: 1_700_000_000, zone: "+0000" };

function untilFree(change: () => void): void {
  for (;;) {
    try {
      change();
      return;
    } catch (error) {
      if (!(error instanceof ToolError) || error.code !== "CONFLICT") throw error;
    }
  }
}

for (let round = 0; round < Number(rounds); round++) {
  const message = `${number}.${round}`;
  untilFree(() =>
    refs.update([{ ref: `refs/heads/own/${number}/${round}`, to: commit, expected: null }], { who, message }),
  );
  untilFree(() => refs.update([{ ref: `refs/heads/gone/${number}`, to: commit }], { who, message }));
  untilFree(() => {
    const now = refs.resolve("refs/heads/shared");
    refs.update([{ ref: "refs/heads/shared", to: now === commit ? other : commit, expected: now ?? null }], {
      who,
      message,
    });
  });
  untilFree(() => refs.update([{ ref: `refs/heads/gone/${number}`, to: undefined }], { who, message }));
}
