import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

/** A page in a browser that notes whatever goes wrong in it. */
export type Visit = {
  page: Page;
  context: BrowserContext;
  /** Errors of the console and of scripts, what the page's own policy forbade, and answers that failed. */
  complaints: string[];
  close: () => Promise<void>;
};

/** The windows of a phone and of a desk, in CSS pixels. */
export const VIEWPORTS = { phone: { width: 360, height: 740 }, desk: { width: 1280, height: 900 } } as const;

/** A machine may be slow. What takes longer hangs. */
const HANGS_AFTER_MS = 300_000;

/** Opens an empty page as a new visitor. Chromium reports what a policy forbids as an error of the console. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: VIEWPORTS.phone,
    locale: "en-GB",
    ...options,
  });
  const complaints: string[] = [];
  const page = await context.newPage();
  page.setDefaultTimeout(HANGS_AFTER_MS);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    // A page that is left while it asks for the state of its order breaks that off: this is no fault.
    if (why !== "net::ERR_ABORTED") complaints.push(`request: ${why}`);
  });
  return { page, context, complaints, close: () => context.close() };
}

/** Tells by how many CSS pixels a page is wider than its window: sideways scrolling isn't found. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
