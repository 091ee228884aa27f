import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { localDir } from "../../../infra/local/places.ts";
import { preparePython } from "../../../infra/local/python-env.ts";

const program = {
  requirements: join(import.meta.dirname, "requirements.txt"),
  folder: "standardwebhooks",
  module: "standardwebhooks",
  name: "The library for webhooks",
};

const VERIFY = `
import json, sys
from standardwebhooks import Webhook, WebhookVerificationError
given = json.load(sys.stdin)
try:
    print(json.dumps(Webhook(given["secret"]).verify(given["body"], given["headers"])))
except WebhookVerificationError as error:
    print("refused")
`;

/** Has the public library in Python verify a message. Returns what it printed: the body as it read it, or `refused`. */
export async function pythonVerifies(message: {
  secret: string;
  body: string;
  headers: Readonly<Record<string, string>>;
}): Promise<string> {
  const python = await preparePython(program, join(localDir, "standardwebhooks.log"));
  const child = spawn(python, ["-c", VERIFY], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(message));
  const [said] = await Promise.all([text(child.stdout), once(child, "close")]);
  return said.trim();
}
