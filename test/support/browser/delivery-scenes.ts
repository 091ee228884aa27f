import { type CodeAsked, codePage } from "../../../functions/buyer/delivery/code-page.tsx";
import { deliveryPage } from "../../../functions/buyer/delivery/delivery-page.tsx";
import { languageOf } from "../../../functions/buyer/delivery/language.ts";
import { functions } from "../../../functions/buyer/delivery/operations.ts";
import { forBuyers } from "../../../functions/buyer/delivery/shell.ts";
import { textFileOf } from "../../../functions/buyer/delivery/text-file.ts";
import type { Delivery } from "../../../functions/buyer/delivery/view.ts";
import { PER_PAGE } from "../../../functions/buyer/delivery/writing.ts";
import { HTML, pageFunction } from "../../../functions/runtime/page.ts";
import { stampOf } from "../../../shared/deliveries/state.ts";
import type { Code } from "../../../shared/inventory/code.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { ok, type ProblemCode, refuse } from "../../../shared/kernel/problem.ts";
import { deliveryOf } from "../deliveries/pages.ts";
import { at, topupLine } from "../orders/order-fixtures.ts";
import type { PageFunction } from "./page-server.ts";

/** An order as its buyer may find it, and its codes. */
export type Scene = { delivery: Delivery; codes?: readonly Code[]; refused?: ProblemCode; asked?: CodeAsked };

const codeOf = (secret: string, index = 0, more: Partial<Code> = {}): Code => ({
  codeId: `code_${index}`,
  secret,
  ...more,
});

const redemption = {
  url: "https://redeem.example.com/",
  instructions: {
    zh: "1. 打开应用，进入「我的」。\n2. 点按「兑换码」。\n3. 粘贴卡密，然后确认。",
    en: "1. Open the app and go to your account.\n2. Tap “Redeem a code”.\n3. Paste the code and confirm.",
  },
};
const music = { name: "音乐会员 1 个月 · Music, one month", seller: "晨光数码 Sunrise", redemption };

/** What markup, scripts, emoji, and writing from right to left could make of a code; with a carriage return, which HTML takes for a line's end. */
const AWKWARD = `</code><b onclick="x">&amp;"'😀👩🏽‍🚀שלום\u200fمرحبا\r.`;

/** As long as a code may be in bytes, and as long as one may be for its QR code. */
export const LONGEST_CODE = ofBytes(1_024);
export const LONGEST_QR_CODE = ofBytes(LIMITS.qrBytes);

function ofBytes(bytes: number): string {
  const missing = bytes - Buffer.byteLength(AWKWARD);
  return `${AWKWARD}${"x9Z-".repeat(Math.ceil(missing / 4)).slice(0, missing)}`;
}

/** Every kind of page, by the name under which its screenshot is kept. */
export const SCENES: Readonly<Record<string, Scene>> = {
  unpaid: { delivery: notYet("awaiting_payment", { expiresAt: at(1800) }) },
  "on-its-way": { delivery: topupOf("fulfilling", { deliverBy: at(600) }) },
  late: { delivery: topupOf("fulfilling", { overdue: true }) },
  review: { delivery: topupOf("review", { review: { since: at(0), reason: "unknown" } }) },
  loaded: { delivery: topupOf("fulfilled") },
  expired: { delivery: notYet("expired") },
  cancelled: { delivery: notYet("cancelled") },
  refunding: { delivery: topupOf("refunding") },
  refunded: { delivery: topupOf("refunded") },
  "one-code": {
    delivery: deliveryOf(music),
    codes: [codeOf("ABCD-EFGH-JKLM-NPQR", 0, { expiresAt: at(90 * 86_400) })],
  },
  "card-number": {
    delivery: deliveryOf({ ...music, name: "电话充值卡 ¥100" }),
    codes: [codeOf("8273 6410 9925 4471 08", 0, { number: "0417 2260 3381 9057" })],
  },
  "long-code": {
    delivery: deliveryOf({
      ...music,
      name: "A licence whose name is as long as names may be, ".repeat(4).slice(0, 200),
    }),
    codes: [codeOf(LONGEST_CODE)],
  },
  "awkward-code": { delivery: deliveryOf(music), codes: [codeOf(LONGEST_QR_CODE)] },
  "fifty-codes": {
    delivery: deliveryOf({ ...music, codes: 120 }),
    codes: Array.from({ length: 120 }, (_, index) => codeOf(`SUN-${String(index).padStart(4, "0")}-KQ7M-2XWD`, index)),
  },
  "three-codes": {
    delivery: deliveryOf({ ...music, codes: 3 }),
    codes: Array.from({ length: 3 }, (_, index) => codeOf(`SUN-${index}481-KQ7M-2XWD`, index)),
  },
  "code-sent": { delivery: deliveryOf(music), asked: "sent" },
  "code-waits": { delivery: deliveryOf(music), asked: "wait" },
  "code-wrong": { delivery: deliveryOf(music), asked: "wrong" },
  unknown: { delivery: deliveryOf(), refused: "not_found" },
  disputed: { delivery: deliveryOf(), refused: "payment_disputed" },
  broken: { delivery: deliveryOf(), refused: "internal" },
};

function notYet(state: Delivery["order"]["state"], more: Partial<Delivery["order"]> = {}): Delivery {
  const delivery = deliveryOf(music);
  const lines = delivery.order.lines.map((line) => ({ ...line, state: "open" as const }));
  return { ...delivery, order: { ...delivery.order, state, lines, ...more } };
}

function topupOf(state: Delivery["order"]["state"], more: Partial<Delivery["order"]> = {}): Delivery {
  const lines = {
    fulfilling: "accepted",
    review: "review",
    fulfilled: "fulfilled",
    refunding: "unwinding",
    refunded: "returned",
  } as const;
  const delivery = deliveryOf(music);
  const line = { ...topupLine(lines[state as keyof typeof lines]), name: "手机话费 ¥50 · Phone credit" };
  return { ...delivery, order: { ...delivery.order, state, lines: [line], ...more } };
}

/** Answers like the deployed functions, of these scenes: a link's token is the name of its scene. */
export function functionsOf(scenes: Readonly<Record<string, Scene>>): PageFunction[] {
  const sceneOf = (token: string) => {
    const scene = scenes[token];
    return scene?.refused === undefined && scene !== undefined ? ok(scene) : refuse(scene?.refused ?? "not_found", "");
  };
  const zone = "Asia/Shanghai";
  const page = (
    token: string,
    lang: string | undefined,
    accepts: string | undefined,
    isReveal: boolean,
    show?: object,
  ) => {
    const scene = sceneOf(token);
    if (!scene.ok) return scene;
    const language = languageOf({ lang, accepts });
    const codes = scene.value.codes ?? [];
    const { from = 0, qr } = { ...show } as { from?: number; qr?: string };
    const shown = {
      pieces: codes.slice(from, from + PER_PAGE).map((code) => ({ lineId: "1", code })),
      unreadable: [],
      from,
      all: codes.length,
      next: from + PER_PAGE < codes.length ? from + PER_PAGE : null,
      qr,
    };
    const writing = { language, zone, token, isReveal };
    const { delivery, asked } = scene.value;
    if (asked !== undefined && show !== undefined)
      return ok({ body: codePage(asked, delivery, writing), raw: true, headers: { "Content-Type": HTML } });
    const body = deliveryPage(delivery, writing, show === undefined ? undefined : shown);
    return ok({ body, raw: true, headers: { "Content-Type": HTML } });
  };
  const show = (isReveal: boolean) => async (asked: Asked) =>
    page(asked.params.token, asked.query.lang, asked.headers["accept-language"], isReveal);
  return [
    {
      operations: functions.showDelivery,
      handler: pageFunction("show-delivery", functions.showDelivery, forBuyers, {
        showDelivery: show(false),
        showAgain: show(true),
        getDeliveryState: async ({ params: { token } }) => {
          const scene = sceneOf(token);
          return scene.ok ? ok({ body: { stamp: stampOf(scene.value.delivery.order) } }) : scene;
        },
      }),
    },
    {
      operations: functions.revealDelivery,
      handler: pageFunction("reveal-delivery", functions.revealDelivery, forBuyers, {
        revealDelivery: async ({ params: { token }, query: { lang }, form, headers }) =>
          page(token, lang, headers["accept-language"], true, form),
        saveDelivery: async ({ params: { token }, form: { from } }) => {
          const scene = sceneOf(token);
          if (!scene.ok) return scene;
          const pieces = (scene.value.codes ?? []).slice(from).map((code) => ({ lineId: "1", code }));
          const headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Disposition": `attachment; filename="codes.txt"`,
          };
          return ok({ body: textFileOf({ pieces, unreadable: [] }), raw: true, headers });
        },
      }),
    },
  ];
}

type Asked = {
  params: { token: string };
  query: { lang?: string | undefined };
  headers: { [name: string]: string | undefined };
};
