import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { functions } from "../../../functions/developer/docs/operations.ts";
import { handler } from "../../../functions/developer/docs/show-docs.ts";
import { localDir } from "../../../infra/local/places.ts";
import { accessibilityProblems, contrastProblems } from "../../support/browser/axe.ts";
import { startChromium } from "../../support/browser/chromium.ts";
import { servePages } from "../../support/browser/page-server.ts";
import { overflow, VIEWPORTS, visit } from "../../support/browser/visit.ts";

const browser = await startChromium();
const { url, stop } = await servePages([{ operations: functions.showDocs, handler }]);
afterAll(async () => {
  await browser.close();
  stop();
});

const folder = join(localDir, "screenshots");
mkdirSync(folder, { recursive: true });

test.each([
  ["docs", "docs"],
  ["problem", "docs/problems/sold_out"],
  ["docs-zh", "docs?lang=zh"],
  ["problem-zh", "docs/problems/sold_out?lang=zh"],
])(
  "the page %s fits a phone and a desk, can be read by everybody in the light and in the dark, and breaks no rule of its own",
  async (name, path) => {
    const { page, complaints, close } = await visit(browser);
    await page.goto(`${url}/${path}`);
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const [device, viewport] of Object.entries(VIEWPORTS)) {
        await page.setViewportSize(viewport);
        expect(await overflow(page)).toBe(0);
        if (process.env["SCREENSHOTS"] !== undefined)
          await page.screenshot({ path: join(folder, `${name}-${scheme}-${device}.png`) });
      }
      expect(await (scheme === "light" ? accessibilityProblems(page) : contrastProblems(page))).toEqual([]);
    }
    expect(complaints).toEqual([]);
    await close();
  },
);
