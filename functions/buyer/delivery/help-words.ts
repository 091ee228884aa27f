import type { CaseEnd, CaseKind, CaseReason } from "../../../shared/orders/cases.ts";
import type { Language } from "./words.ts";

/** What the page says about help after the sale. A language that lacks a sentence does not compile. */
export type HelpWords = {
  title: string;
  ask: string;
  which: string;
  kinds: Readonly<Record<CaseKind, string>>;
  hint: string;
  going: (until: string) => string;
  ends: Readonly<Record<CaseEnd, string>>;
  reasons: Readonly<Record<CaseReason, string>>;
};

export const HELP_WORDS: Readonly<Record<Language, HelpWords>> = {
  en: {
    title: "Help with this order",
    ask: "Something is wrong",
    which: "Which piece",
    kinds: {
      void_and_reissue: "A code does not work",
      change_recipient: "The account is wrong",
      change_product: "I want another product",
      refund: "I want my money back",
      ask_supplier: "Ask who has delivered",
    },
    hint: "You find the answer on this page. We write to you too, if we know how.",
    going: (until) => `We are looking into it. You have an answer by ${until}.`,
    ends: {
      delivered: "It is delivered.",
      replaced: "You have a new code: look at your codes again.",
      refunded: "Your money goes back the way it was paid.",
      compensated: "You have something more: look at your codes again.",
      refused: "We can't do that.",
    },
    reasons: {
      did_not_work: "The code did not work.",
      unused_at_issuer: "Whoever issued the code says that it is unused.",
      used_at_issuer: "Whoever issued the code says that it was used.",
      by_refund_rule: "So says the rule of refunds of this product.",
      too_late: "The time for that is over.",
      seen: "The codes have been looked at.",
      refunded_otherwise: "It was refunded already.",
      not_ours_to_change: "Nobody can change that any more.",
      filled_already: "It is on the account already.",
      supplier_agreed: "Our supplier agrees.",
      supplier_refused: "Our supplier does not agree.",
      goodwill: "We are sorry for the trouble.",
      not_justified: "We have looked into it and found nothing wrong.",
    },
  },
  zh: {
    title: "订单售后",
    ask: "商品有问题",
    which: "第几件",
    kinds: {
      void_and_reissue: "卡密无法使用",
      change_recipient: "充值账号填错了",
      change_product: "想换其他商品",
      refund: "申请退款",
      ask_supplier: "请供货方核实",
    },
    hint: "处理结果会显示在本页面；如留有联系方式，也会通知您。",
    going: (until) => `我们正在处理，最迟 ${until} 答复您。`,
    ends: {
      delivered: "已交付。",
      replaced: "已为您更换新的卡密，请重新查看。",
      refunded: "款项将按原支付方式退回。",
      compensated: "已为您补发，请重新查看。",
      refused: "无法受理。",
    },
    reasons: {
      did_not_work: "该卡密无法使用。",
      unused_at_issuer: "发行方确认该卡密未被使用。",
      used_at_issuer: "发行方确认该卡密已被使用。",
      by_refund_rule: "依据该商品的退款规则。",
      too_late: "已超过可受理的时间。",
      seen: "卡密已被查看。",
      refunded_otherwise: "此前已经退款。",
      not_ours_to_change: "已无法更改。",
      filled_already: "已充值到账。",
      supplier_agreed: "供货方已同意。",
      supplier_refused: "供货方未同意。",
      goodwill: "给您带来不便，深表歉意。",
      not_justified: "经核实未发现问题。",
    },
  },
};
