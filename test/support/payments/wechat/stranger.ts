import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { localDir } from "../../../../infra/local/places.ts";
import { preparePython } from "../../../../infra/local/python-env.ts";

const here = (file: string): string => join(import.meta.dirname, file);
const program = {
  requirements: here("requirements.txt"),
  folder: "wechatpayv3",
  module: "wechatpayv3",
  name: "The library for WeChat Pay",
};

/** Has a public library in Python do the work of `stranger.py`. Returns what it says. */
export async function pythonWorks(given: object): Promise<unknown> {
  const python = await preparePython(program, join(localDir, "wechatpayv3.log"));
  return run(python, [here("stranger.py")], given);
}

/** Java and Maven are no part of what a contributor must have. */
export const hasJava = ["java", "mvn"].every((file) => spawnSync(file, ["-version"], { stdio: "ignore" }).status === 0);

/** Has WeChat Pay's own library in Java do the work of `Stranger.java`. Returns what it says. */
export async function javaWorks(given: object): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "vouchsafe-java-"));
  try {
    const file = join(folder, "classpath");
    const words = ["-q", "-f", here("pom.xml"), "dependency:build-classpath", `-Dmdep.outputFile=${file}`];
    const made = spawnSync("mvn", words, { encoding: "utf8" });
    if (made.status !== 0) throw new Error(`Maven brings no library: ${made.stdout}`);
    const classes = readFileSync(file, "utf8").trim();
    return await run("java", ["-XX:TieredStopAtLevel=1", "-cp", classes, here("Stranger.java")], given);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(file: string, words: string[], given: object): Promise<unknown> {
  const child = spawn(file, words, { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(given));
  const [said] = await Promise.all([text(child.stdout), once(child, "close")]);
  return JSON.parse(said);
}
