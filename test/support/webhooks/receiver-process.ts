import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../infra/local/engine.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { allowReceiver } from "../../../infra/ops/webhook-commands.ts";

/** What a receiver took, in the order in which it came. */
export type Took = { id: string; type: string; data: { id: string; number?: number; reference?: string } };

/** A receiver of webhooks that the stack may call, in a process of its own that can be killed and started again. */
export async function receiver(stack: LocalStack) {
  const port = await freePort();
  const file = join(await mkdtemp(join(tmpdir(), "vouchsafe-receiver-")), "took.jsonl");
  await allowReceiver(stack.receiversFile ?? "", `127.0.0.1:${port}`);
  let child: ChildProcess | undefined;
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    start: async (secret: string, slowMs = 0): Promise<void> => {
      const args = [join(import.meta.dirname, "receiver.ts"), String(port), secret, file, String(slowMs)];
      child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
      await once(child.stdout as NonNullable<ChildProcess["stdout"]>, "data");
    },
    kill: async (): Promise<void> => {
      if (child === undefined || child.exitCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
    took: (): Took[] => {
      try {
        const lines = readFileSync(file, "utf8").trimEnd().split("\n");
        return lines.filter(Boolean).map((line) => JSON.parse(line) as Took);
      } catch {
        return [];
      }
    },
  };
}
