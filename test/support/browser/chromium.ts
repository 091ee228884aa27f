import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where a Chromium of this machine is: the one that `CHROMIUM` names, or the first on the path. Undefined: there is none. */
export const chromiumPath: string | undefined = [
  ...(process.env["CHROMIUM"] === undefined ? [] : [process.env["CHROMIUM"]]),
  ...(process.env["PATH"] ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))),
].find((path) => existsSync(path));

/** Starts Chromium without a window. It goes with its process. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath ?? "chromium",
    // A sandbox inside a container that runs as root can't be made.
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
