import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { LANGUAGES } from "../../../functions/buyer/delivery/words.ts";
import { localDir } from "../../../infra/local/places.ts";
import { accessibilityProblems, contrastProblems } from "../../support/browser/axe.ts";
import { startChromium } from "../../support/browser/chromium.ts";
import { functionsOf, SCENES } from "../../support/browser/delivery-scenes.ts";
import { FIND_LOOKS, findFunction, type Look } from "../../support/browser/find-scenes.ts";
import { servePages } from "../../support/browser/page-server.ts";
import { overflow, VIEWPORTS, visit } from "../../support/browser/visit.ts";

const browser = await startChromium();
const { url, stop } = await servePages([...functionsOf(SCENES), findFunction()]);
const LOOKS: Readonly<Record<string, Look>> = {
  ...Object.fromEntries(
    Object.entries(SCENES).map(([name, { codes, asked, refused }]): [string, Look] => [
      name,
      {
        path: `/d/${name}`,
        ...(codes === undefined && asked === undefined ? {} : { act: (page) => page.click(".reveal button") }),
        ...(refused === undefined ? {} : { isRefused: true }),
      },
    ]),
  ),
  ...FIND_LOOKS,
};
afterAll(async () => {
  await browser.close();
  stop();
});

/** Screenshots are for people to look at: `SCREENSHOTS=1` takes them. No pixels are compared. */
const folder = join(localDir, "screenshots");
const takesScreenshots = process.env["SCREENSHOTS"] !== undefined;
mkdirSync(folder, { recursive: true });

describe.each(LANGUAGES)("in %s", (language) => {
  const visited = visit(browser, { locale: language === "zh" ? "zh-CN" : "en-GB" });
  afterAll(async () => (await visited).close());

  test.each(Object.entries(LOOKS))(
    "the page %s fits a phone and a desk, can be read by everybody in the light and in the dark, and breaks no rule of its own",
    async (name, { path, act, isRefused }) => {
      const { page, complaints } = await visited;
      complaints.length = 0;
      await page.goto(`${url}${path}`);
      await act?.(page);
      for (const scheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        for (const [device, viewport] of Object.entries(VIEWPORTS)) {
          await page.setViewportSize(viewport);
          expect(await overflow(page)).toBe(0);
          if (takesScreenshots)
            await page.screenshot({
              path: join(folder, `${name}-${language}-${scheme}-${device}.png`),
              fullPage: true,
            });
        }
        expect(await (scheme === "light" ? accessibilityProblems(page) : contrastProblems(page))).toEqual([]);
      }
      // The browser itself says at its console that an answer was not 2xx.
      expect(complaints.filter((one) => isRefused === undefined || !one.includes("status of"))).toEqual([]);
    },
  );
});
