import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { startChromium } from "../../support/browser/chromium.ts";
import { functionsOf, LONGEST_CODE, LONGEST_QR_CODE, SCENES } from "../../support/browser/delivery-scenes.ts";
import { servePages } from "../../support/browser/page-server.ts";
import { readQrCodes } from "../../support/browser/read-qr.ts";
import { VIEWPORTS, visit } from "../../support/browser/visit.ts";

const scenes = { ...SCENES };
const browser = await startChromium();
const { url, stop } = await servePages(functionsOf(scenes));
afterAll(async () => {
  await browser.close();
  stop();
});

const secretOf = (name: string, index = 0): string => SCENES[name]?.codes?.[index]?.secret ?? "";

async function revealed(name: string, options = {}) {
  const visited = await visit(browser, options);
  await visited.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await visited.page.goto(`${url}/d/${name}?lang=en`);
  await visited.page.click(".reveal button");
  return visited;
}
const clipboard = (page: Page): Promise<string> => page.evaluate("navigator.clipboard.readText()");
const exactText = (code: Locator): Promise<string | null> => code.textContent();
const PHONE_HEIGHT = VIEWPORTS.phone.height;
const BUTTON_HEIGHT = 44;

describe("without JavaScript", () => {
  test("a buyer sees the code after a tap, can select it, and is offered nothing that does not work", async () => {
    const { page, complaints, close } = await revealed("one-code", { javaScriptEnabled: false });
    expect(await exactText(page.locator("#c0"))).toBe(secretOf("one-code"));
    expect(await page.locator("button:visible").count()).toBe(0);
    expect(await page.getByRole("link", { name: /redeem\.example\.com/ }).getAttribute("href")).toBe(
      "https://redeem.example.com/",
    );
    await page.getByRole("link", { name: "Hide codes" }).click();
    expect(await page.locator("#c0").count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  test("codes are paged, and a page that has news to come loads itself again", async () => {
    const { page, close } = await revealed("fifty-codes", { javaScriptEnabled: false });
    await page.getByRole("button", { name: "Next codes" }).click();
    expect(await exactText(page.locator("#c0"))).toBe(secretOf("fifty-codes", 50));
    await page.goto(`${url}/d/on-its-way`);
    expect(await page.content()).toContain('<meta http-equiv="refresh" content="20">');
    await close();
  });
});

test.each(["one-code", "long-code", "awkward-code"])(
  "a tap copies %s byte for byte, by a button within the first screen of a phone",
  async (name) => {
    const { page, complaints, close } = await revealed(name);
    expect(await exactText(page.locator("#c0"))).toBe(secretOf(name));
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await clipboard(page)).toBe(secretOf(name));
    expect(await page.getByRole("status").textContent()).toBe("Copied");
    expect((await page.locator("#c0 + .row button").boundingBox())?.y).toBeLessThan(PHONE_HEIGHT - BUTTON_HEIGHT);
    expect(complaints).toEqual([]);
    await close();
  },
);

test("one tap copies all codes of a page, and another saves all of the order as a file", async () => {
  const { page, close } = await revealed("fifty-codes");
  await page.getByRole("button", { name: "Copy all" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const all = SCENES["fifty-codes"]?.codes?.map(({ secret }) => secret) ?? [];
  expect((await clipboard(page)).split("\n")).toEqual(all.slice(0, 50));
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as text file" }).click(),
  ]);
  expect(await readFile((await download.path()) ?? "", "utf8")).toBe(all.map((one) => `${one}\r\n`).join(""));
  await close();
});

test("one tap copies the code, and opens where it is redeemed without the code in the address", async () => {
  const { page, context, complaints, close } = await revealed("one-code");
  await context.route("https://redeem.example.com/**", (route) => route.fulfill({ body: "redeem here" }));
  const [opened] = await Promise.all([
    context.waitForEvent("page"),
    page.getByRole("link", { name: "Copy and open redeem.example.com" }).click(),
  ]);
  expect(opened.url()).toBe("https://redeem.example.com/");
  expect(await opened.evaluate("document.referrer + String(window.opener)")).toBe("null");
  await page.bringToFront();
  expect(await clipboard(page)).toBe(secretOf("one-code"));
  expect(complaints).toEqual([]);
  await close();
});

test("a phone reads the exact code off the screen, in the light and in the dark, as long as it has a QR code", async () => {
  const pictures: Buffer[] = [];
  const expected: string[][] = [];
  for (const name of ["one-code", "card-number", "awkward-code"])
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, close } = await revealed(name, { colorScheme });
      pictures.push(await page.screenshot({ fullPage: true }));
      expected.push([secretOf(name)]);
      await close();
    }
  expect(secretOf("awkward-code")).toBe(LONGEST_QR_CODE);
  expect(await readQrCodes(pictures)).toEqual(expected);
});

test("of a code that is too long for a QR code the page says so", async () => {
  const { page, close } = await revealed("long-code");
  expect(secretOf("long-code")).toBe(LONGEST_CODE);
  expect(await page.getByText("This code is too long for a QR code.").isVisible()).toBe(true);
  await close();
});

test("the keyboard alone finds, shows and copies the code, and one sees where it is", async () => {
  const { page, context, close } = await visit(browser);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${url}/d/one-code?lang=en`);
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 10; presses++) {
      await page.keyboard.press("Tab");
      expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
      if ((await page.evaluate("document.activeElement.textContent")) === name) return;
    }
    throw new Error(`no ${name}`);
  };
  await tabTo("Show my code");
  await page.keyboard.press("Enter");
  await page.locator("#c0").waitFor();
  await tabTo("Copy");
  await page.keyboard.press("Enter");
  await page.getByText("Copied").first().waitFor();
  expect(await clipboard(page)).toBe(secretOf("one-code"));
  await close();
});

test("a page that waits shows news by itself, and then asks no more", async () => {
  const { page, complaints, close } = await visit(browser);
  await page.clock.install();
  await page.goto(`${url}/d/on-its-way?lang=en`);
  expect(await page.locator("h1").textContent()).toBe("On its way");
  const loaded = scenes["loaded"];
  if (loaded !== undefined) scenes["on-its-way"] = loaded;
  const isNew = page.getByRole("heading", { name: "Delivered" });
  while (!(await isNew.isVisible())) await page.clock.runFor(1_000);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.clock.runFor(120_000);
  expect(asked).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

test("a reload of the page with the codes shows them no more, and reveals nothing again by itself", async () => {
  const { page, close } = await revealed("one-code");
  await page.goto(page.url());
  expect(await page.locator("#c0").count()).toBe(0);
  expect(await page.getByRole("button", { name: "Show my code" }).isVisible()).toBe(true);
  await close();
});
