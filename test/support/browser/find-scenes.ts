import type { Page } from "playwright-core";
import { languageOf } from "../../../functions/buyer/delivery/language.ts";
import { forBuyers, refusedLink } from "../../../functions/buyer/delivery/shell.ts";
import { oncePage, searchedPage, searchPage } from "../../../functions/buyer/find/find-page.tsx";
import { functions } from "../../../functions/buyer/find/operations.ts";
import { HTML, pageFunction } from "../../../functions/runtime/page.ts";
import { contactFrom } from "../../../shared/deliveries/search.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import type { PageFunction } from "./page-server.ts";

/** A page as it is reached: by its address, and by what is typed and sent there. `isRefused`: its answer is no 2xx. */
export type Look = { path: string; act?: (page: Page) => Promise<void>; isRefused?: true };

/** The number by which the scenes find nobody's order because too many were looked for. */
const TOO_MANY = "too-many";

const search =
  (reference: string, contact: string) =>
  async (page: Page): Promise<void> => {
    await page.fill("#reference", reference);
    await page.fill("#contact", contact);
    await page.click("button.main");
  };

/** Every page on the way to an order that is looked for, by the name under which its screenshot is kept. */
export const FIND_LOOKS: Readonly<Record<string, Look>> = {
  find: { path: "/find" },
  "find-wrong": { path: "/find", act: search("", "anna"), isRefused: true },
  "find-sent": { path: "/find", act: search("Sun-2026-7", "anna@example.com") },
  "find-too-many": { path: "/find", act: search(TOO_MANY, "anna@example.com"), isRefused: true },
  "one-time-link": { path: "/find/one-time-link" },
  "one-time-link-used": { path: "/find/used", act: (page) => page.click(".reveal button"), isRefused: true },
};

/** Answers like the deployed function. A one-time link opens the scene of its own name, unless it is called `used`. */
export function findFunction(): PageFunction {
  const page = (body: string, status = 200) => ok({ body, status, raw: true, headers: { "Content-Type": HTML } });
  type Read = { query: { lang?: string | undefined }; headers: Record<string, string | undefined> };
  const languageIn = ({ query: { lang }, headers }: Read) => languageOf({ lang, accepts: headers["accept-language"] });
  return {
    operations: functions.findDelivery,
    handler: pageFunction("find-delivery", functions.findDelivery, forBuyers, {
      showSearch: async (asked) =>
        page(searchPage(languageIn(asked), { values: { reference: "", contact: "" }, wrong: [] })),
      searchOrder: async ({ form, ...asked }) => {
        const wrong = [
          ...(form.reference === "" ? (["reference"] as const) : []),
          ...(contactFrom(form.contact) === undefined ? (["contact"] as const) : []),
        ];
        if (wrong.length > 0) return page(searchPage(languageIn(asked), { values: form, wrong }), 400);
        return form.reference === TOO_MANY ? refuse("too_many_searches", "") : page(searchedPage(languageIn(asked)));
      },
      showOnce: async ({ params: { token }, ...asked }) => page(oncePage(languageIn(asked), token)),
      openOnce: async ({ params: { token } }) =>
        token === "used"
          ? refusedLink("unknown")
          : ok({ body: "", raw: true, headers: { "Content-Type": HTML, Location: "../d/one-code" } }),
    }),
  };
}
