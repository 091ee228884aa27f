import type { Language } from "../contract.ts";
import type { TemplateName } from "../model.ts";

/** What a template says. `shop` is the shop's name. Nothing of it is personal, so all of it may stand in a subject. */
export type Words = {
  subject: (shop: string) => string;
  headline: string;
  /** One paragraph each. */
  body: readonly string[];
  /** What the link is called. */
  action: string;
  /** A text message, whose link follows it. */
  short: (shop: string) => string;
};

/** A language without one of the templates does not compile. */
export const WORDS: Readonly<Record<Language, Readonly<Record<TemplateName, Words>>>> = {
  zh: {
    delivered: {
      subject: (shop) => `【${shop}】您购买的商品已就绪`,
      headline: "您购买的商品已就绪",
      body: ["请打开订单页面查看商品和使用说明。为了您的安全，本邮件不包含商品内容。"],
      action: "查看我的商品",
      short: (shop) => `【${shop}】您购买的商品已就绪，请查看：`,
    },
    delayed: {
      subject: (shop) => `【${shop}】您的订单比预计晚一些`,
      headline: "您的订单比预计晚一些",
      body: ["很抱歉让您久等。我们正在处理，您不需要做任何事；商品就绪后会立即通知您。如无法交付，款项将原路退回。"],
      action: "查看订单进度",
      short: (shop) => `【${shop}】您的订单比预计晚一些，我们正在处理，进度：`,
    },
    in_review: {
      subject: (shop) => `【${shop}】您的订单正在由客服处理`,
      headline: "您的订单正在由客服处理",
      body: ["这笔订单需要客服人员核实。您不需要做任何事；一有结果会立即通知您。如无法交付，款项将原路退回。"],
      action: "查看订单进度",
      short: (shop) => `【${shop}】您的订单正在由客服处理，进度：`,
    },
    refunded: {
      subject: (shop) => `【${shop}】您的订单已退款`,
      headline: "您的订单已退款",
      body: ["款项已按原支付方式退回。到账时间取决于支付机构，一般需要几个工作日。订单页面有退款的详细信息。"],
      action: "查看退款",
      short: (shop) => `【${shop}】您的订单已退款，详情：`,
    },
    link: {
      subject: (shop) => `【${shop}】您的订单链接`,
      headline: "您的订单链接",
      body: [
        "有人请求查看您的订单，因此我们把链接发到您下单时填写的联系方式。之前如有其他链接，可能已失效，请使用此链接。",
        "如果不是您本人操作，可以忽略本邮件：没有此链接的人看不到您的商品。",
      ],
      action: "打开我的订单",
      short: (shop) => `【${shop}】您的订单链接（请勿转发）：`,
    },
    found: {
      subject: (shop) => `【${shop}】查看您的订单`,
      headline: "查看您的订单",
      body: [
        "有人用订单号和您的联系方式查找此订单，因此我们把链接发给您。此链接一天内有效，只能使用一次。",
        "如果不是您本人操作，可以忽略本邮件：没有此链接的人看不到您的商品。",
      ],
      action: "打开我的订单",
      short: (shop) => `【${shop}】您查找的订单（一天内有效，限用一次，请勿转发）：`,
    },
    code: {
      subject: (shop) => `【${shop}】验证码`,
      headline: "您的验证码",
      body: ["请在您打开的订单页面中输入此验证码，十分钟内有效。如果不是您本人操作，请勿告知任何人。"],
      action: "验证码",
      short: (shop) => `【${shop}】您的验证码（十分钟内有效，请勿告知他人）：`,
    },
    case_opened: {
      subject: (shop) => `【${shop}】您的售后申请已受理`,
      headline: "您的售后申请已受理",
      body: ["我们正在核实，您不需要做任何事；一有结果会立即通知您。处理进度可在订单页面查看。"],
      action: "查看处理进度",
      short: (shop) => `【${shop}】您的售后申请已受理，进度：`,
    },
    case_helped: {
      subject: (shop) => `【${shop}】您的售后申请已处理`,
      headline: "您的售后申请已处理",
      body: ["请打开订单页面查看处理结果和您的商品。为了您的安全，本邮件不包含商品内容。"],
      action: "查看处理结果",
      short: (shop) => `【${shop}】您的售后申请已处理，请查看：`,
    },
    case_refused: {
      subject: (shop) => `【${shop}】您的售后申请有了答复`,
      headline: "您的售后申请未能受理",
      body: ["我们已核实，很抱歉无法按您的申请处理。原因请见订单页面；如有疑问，请联系我们。"],
      action: "查看原因",
      short: (shop) => `【${shop}】您的售后申请有了答复，请查看：`,
    },
  },
  en: {
    delivered: {
      subject: (shop) => `${shop}: your order is ready`,
      headline: "Your order is ready",
      body: [
        "Open the page of your order to see what you bought and how to use it. To keep it safe, it is not in this message.",
      ],
      action: "See my order",
      short: (shop) => `${shop}: your order is ready: `,
    },
    delayed: {
      subject: (shop) => `${shop}: your order takes longer than planned`,
      headline: "Your order takes longer than planned",
      body: [
        "We are sorry that you have to wait. We are working on it, and you need not do anything. We will write as soon as it is ready. If we can't deliver, your money goes back to you.",
      ],
      action: "See how it is going",
      short: (shop) => `${shop}: your order takes longer than planned. We are working on it: `,
    },
    in_review: {
      subject: (shop) => `${shop}: a person is looking at your order`,
      headline: "A person is looking at your order",
      body: [
        "Your order has to be checked by one of our people. You need not do anything. We will write as soon as we know more. If we can't deliver, your money goes back to you.",
      ],
      action: "See how it is going",
      short: (shop) => `${shop}: one of our people is checking your order: `,
    },
    refunded: {
      subject: (shop) => `${shop}: your money is on its way back`,
      headline: "Your money is on its way back",
      body: [
        "We have sent it back the way you paid. How long it takes depends on your bank, mostly a few working days. The page of your order has the details.",
      ],
      action: "See the refund",
      short: (shop) => `${shop}: your money is on its way back: `,
    },
    link: {
      subject: (shop) => `${shop}: the link to your order`,
      headline: "The link to your order",
      body: [
        "Somebody asked for your order, so we send its link to the address that you gave when you ordered. An earlier link may open nothing any more: please use this one.",
        "If it was not you, you need not do anything: nobody sees what you bought without this link.",
      ],
      action: "Open my order",
      short: (shop) => `${shop}: the link to your order (keep it to yourself): `,
    },
    found: {
      subject: (shop) => `${shop}: the order that you looked for`,
      headline: "The order that you looked for",
      body: [
        "Somebody looked for this order by its number and your address, so we send a link to you. It works once, and within a day.",
        "If it was not you, you need not do anything: nobody sees what you bought without this link.",
      ],
      action: "Open my order",
      short: (shop) => `${shop}: the order that you looked for (works once, within a day; keep it to yourself): `,
    },
    code: {
      subject: (shop) => `${shop}: your one-time code`,
      headline: "Your one-time code",
      body: [
        "Type it on the page of your order, which is open before you. It is good for ten minutes. If it was not you who asked for it, tell it to nobody.",
      ],
      action: "Your code",
      short: (shop) => `${shop}: your one-time code (good for ten minutes; tell it to nobody): `,
    },
    case_opened: {
      subject: (shop) => `${shop}: we are looking into it`,
      headline: "We are looking into what you told us",
      body: [
        "You need not do anything. We will write as soon as we know more. The page of your order shows how it is going.",
      ],
      action: "See how it is going",
      short: (shop) => `${shop}: we are looking into what you told us: `,
    },
    case_helped: {
      subject: (shop) => `${shop}: there is something new for you`,
      headline: "There is something new for you",
      body: [
        "We have looked into what you told us. Open the page of your order to see what came of it. To keep it safe, it is not in this message.",
      ],
      action: "See what is new",
      short: (shop) => `${shop}: there is something new for you: `,
    },
    case_refused: {
      subject: (shop) => `${shop}: our answer to what you told us`,
      headline: "We can't do what you asked for",
      body: [
        "We have looked into what you told us. The page of your order has the reason. If you think that we are wrong, please ask us.",
      ],
      action: "See the reason",
      short: (shop) => `${shop}: our answer to what you told us: `,
    },
  },
};

type Frame = { order: string; help: string; never: string; plain: string };

/** What stands around each mail. */
export const FRAME: Readonly<Record<Language, Frame>> = {
  zh: {
    order: "订单号",
    help: "需要帮助？请联系",
    never: "请勿把链接转发给他人。我们不会向您索要密码、验证码或商品内容。",
    plain: "如果按钮无法打开，请复制此链接到浏览器",
  },
  en: {
    order: "Order",
    help: "Need help? Ask",
    never: "Keep this link to yourself. We never ask you for passwords, one-time codes or what you bought.",
    plain: "If the button does not open, copy this link into your browser",
  },
};
