import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localDir } from "../../../infra/local/places.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import type { Json } from "../orders/shop.ts";

const entry = join(import.meta.dirname, "../../../infra/ops/ops.ts");

/** One run of the operator's command line. */
export type Run = { code: number; stdout: string; stderr: string };

/** An operator's terminal: a folder of its own, and the stack that its commands talk to. */
export function terminal(stack: LocalStack) {
  const folder = mkdtempSync(join(tmpdir(), "vouchsafe-ops-"));
  const stackFile = join(folder, "stack.json");
  writeFileSync(stackFile, JSON.stringify(stack));

  /** Runs a command line exactly as given. AWS is out of its reach: what the stack's file says is all that it knows. */
  const raw = (...words: string[]): Promise<Run> =>
    new Promise((resolve) => {
      const env = {
        PATH: process.env["PATH"] ?? "",
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_REGION: "us-east-1",
        // A hundred terminals load the same code: that halves what each of them costs.
        NODE_COMPILE_CACHE: join(localDir, "compile-cache"),
      };
      execFile(process.execPath, [entry, ...words], { cwd: folder, env, timeout: 600_000 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
      );
    });

  return {
    raw,
    stackFile,
    /** Runs a command with `--json`: its exit code, and the one JSON value that it must have printed. */
    json: async (...words: string[]): Promise<{ code: number; value: Json }> => {
      const { code, stdout, stderr } = await raw(...words, "--json", "--stack", stackFile);
      if (stderr.replace(/^Idempotency-Key: .+\n/, "") !== "")
        throw new Error(`something beside the JSON value and the key: ${stderr}`);
      return { code, value: JSON.parse(stdout) };
    },
    /** Writes a file into the terminal's folder; its path. */
    file: (name: string, content: string | Uint8Array): string => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
  };
}
