import type { Language } from "../delivery/words.ts";

/** What the pages say by which an order is found again. A language that lacks a sentence does not compile. */
type FindWords = {
  title: string;
  intro: string;
  reference: string;
  referenceHint: string;
  contact: string;
  contactHint: string;
  send: string;
  wrong: string;
  missing: Readonly<Record<"reference" | "contact", string>>;
  sent: { title: string; text: string; help: string };
  again: string;
  once: { title: string; text: string; open: string };
};

export const FIND_WORDS: Readonly<Record<Language, FindWords>> = {
  en: {
    title: "Find your order",
    intro: "We send a link to the address that you gave when you ordered.",
    reference: "Order number",
    referenceHint: "It stands in the shop's messages and on the page where you paid.",
    contact: "Your e-mail address or phone number",
    contactHint: "The one that you gave when you ordered. Numbers from outside mainland China begin with +.",
    send: "Send me the link",
    wrong: "Please look at this again",
    missing: {
      reference: "Enter the order number, with 100 characters at most",
      contact: "Enter an e-mail address or a phone number",
    },
    sent: {
      title: "Look at your messages",
      text: "If there is an order with this number and address, a link to it is on its way to that address. It works once, within a day.",
      help: "Nothing came after ten minutes? Look among the unwanted messages, check the number and the address, or ask the shop where you bought.",
    },
    again: "Search again",
    once: {
      title: "Open your order",
      text: "This link works once. After that, keep the address of the page that opens: it stays good.",
      open: "Open my order",
    },
  },
  zh: {
    title: "查找订单",
    intro: "我们会把链接发送到您下单时填写的联系方式。",
    reference: "订单号",
    referenceHint: "可在商家发送的消息和付款页面中找到。",
    contact: "邮箱或手机号",
    contactHint: "请填写下单时使用的邮箱或手机号。中国大陆以外的号码请以 + 开头。",
    send: "发送链接",
    wrong: "请检查以下内容",
    missing: { reference: "请填写订单号，最多 100 个字符", contact: "请填写正确的邮箱或手机号" },
    sent: {
      title: "请查看您的消息",
      text: "如果存在与此订单号和联系方式相符的订单，我们会将链接发送到该联系方式。链接一天内有效，只能使用一次。",
      help: "十分钟后仍未收到？请查看垃圾邮件，核对订单号和联系方式，或联系您购买的商家。",
    },
    again: "重新查找",
    once: {
      title: "打开您的订单",
      text: "此链接只能使用一次。打开后请保存订单页面的网址，该网址可继续使用。",
      open: "打开我的订单",
    },
  },
};
