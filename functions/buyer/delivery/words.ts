/** The languages of buyers' pages. A page is in the first one that its reader takes, and in English otherwise. */
export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a page says. A language that lacks a sentence does not compile. */
type Words = typeof en;

const en = {
  htmlLang: "en",
  otherLanguage: "中文",
  page: "Your order",
  order: "Order",
  placed: "Placed",
  soldBy: "Sold by",
  pieces: (count: number) => (count === 1 ? "1 piece" : `${count} pieces`),
  zone: (name: string) => ` (${name})`,
  states: {
    unpaid: "Waiting for your payment",
    expired: "Closed, because it was not paid in time",
    cancelled: "Cancelled",
    on_its_way: "On its way",
    late: "Taking longer than promised",
    review: "A person is looking after your order",
    ready: "Ready for you",
    done: "Delivered",
    partly: "Partly delivered",
    refunding: "Your refund is on its way",
    refunded: "Refunded",
  },
  steps: {
    paid: "Paid",
    sent: "Being delivered",
    there: "Delivered",
    refunding: "Being refunded",
    refunded: "Refunded",
  },
  next: {
    unpaid: (until?: string) =>
      until === undefined
        ? "Your goods appear on this page as soon as your payment arrives."
        : `Please pay by ${until}. Your goods appear on this page as soon as your payment arrives.`,
    expired:
      "Nobody paid for this order in time, so it was closed. If you did pay, your money comes back by itself. You need not do anything.",
    cancelled: "This order was cancelled. If anything was charged, it was given back.",
    on_its_way: (until?: string) =>
      until === undefined
        ? "Your payment has arrived, and we are delivering. You need not do anything: this page changes by itself."
        : `Your payment has arrived. We deliver by ${until}. You need not do anything: this page changes by itself.`,
    late: "Your payment has arrived, but delivery takes longer than we promised. We are still at it. Please do not order or pay again.",
    review: (until: string) =>
      `Your payment has arrived, but one step needs a person's decision. You need not do anything. What is not delivered by ${until} is refunded.`,
    ready:
      "Show your codes when you are ready to use them. We record that they were shown; from then on the order can't be cancelled.",
    done: "Everything was delivered.",
    partly: "One part was delivered, and the rest was refunded.",
    refunding: "We are sending your money back. You need not do anything. Your bank may take some days to show it.",
    refunded: "Your money went back the way you paid. Your bank may take some days to show it.",
  },
  lines: {
    waiting: "on its way",
    review: "a person decides",
    delivered: "delivered",
    loaded: "loaded onto the account",
    refunding: "is being refunded",
    refunded: "refunded",
    cancelled: "cancelled",
  },
  show: (count: number) => (count === 1 ? "Show my code" : `Show my ${count} codes`),
  showHint: "Make sure that nobody else can see your screen.",
  code: "Code",
  number: "Number",
  link: "Link",
  booking: "Booking",
  licence: "Licence key",
  pin: "Password",
  copy: "Copy",
  copied: "Copied",
  copyFailed: "Please select it and copy it yourself",
  copyAll: "Copy all",
  saveFile: "Save as text file",
  saveFileFrom: (from: number, to: number) => `Save ${from} to ${to} as text file`,
  lockFile: "Save as encrypted file",
  lock: (least: number) => `A passphrase of ${least} characters or more, or your public key (age1…)`,
  lockHint: "The file opens by that alone, with the program age. We don't keep it, and can't open the file.",
  saveLocked: "Save encrypted file",
  copyAndOpen: (host: string) => `Copy and open ${host}`,
  open: (host: string) => `Open ${host}`,
  toRedeem: "How to use it",
  validUntil: "Use it until",
  qr: "QR code",
  qrOf: (text: string) => `QR code of ${text}`,
  showQr: "Show QR code",
  qrTooLong: "This code is too long for a QR code.",
  range: (from: number, to: number, all: number) => `${from} to ${to} of ${all}`,
  nextPage: "Next codes",
  previousPage: "Codes before",
  unreadable: "This code can't be opened. Ask the shop to replace it, and give this number:",
  gone: "The codes on this page were taken back, and their price was refunded.",
  moreComes: "More is on its way.",
  again: "Look again",
  hide: "Hide codes",
  help: "Help",
  helpBy: (seller: string) =>
    `Is something wrong? Ask ${seller}, and give the order number. Never send anyone this link or your code.`,
  keep: (until: string) =>
    `This page stays here until ${until}. Anyone who has its address can see the codes, so keep it to yourself.`,
  refused: {
    not_found: {
      title: "This link opens nothing",
      text: "Perhaps a part of it is missing, its time is over, or there is a newer link. If you ordered just now, wait a moment and load this page again.",
      help: "Otherwise ask the shop where you bought for a new link.",
    },
    too_many_links: {
      title: "Too many wrong links",
      text: "Your network has tried too many links that open nothing. Open your link again exactly as the shop sent it: a right link opens at any time.",
      help: "If it does not open, wait ten minutes, or ask the shop where you bought for a new link.",
    },
    too_many_searches: {
      title: "Too many searches",
      text: "Your network has looked for too many orders in a short time, so nothing was looked for.",
      help: "Please wait ten minutes, or ask the shop where you bought.",
    },
    invalid_request: {
      title: "Something in the form is missing or wrong",
      text: "Nothing was done. Please go back and look at what you typed.",
      help: "If it happens again, ask the shop where you bought.",
    },
    payment_disputed: {
      title: "The payment is being examined",
      text: "Your bank or payment provider is looking into the payment of this order. Until that is over, the codes can't be shown.",
      help: "Ask the shop where you bought.",
    },
    limit_reached: {
      title: "This link has shown the codes too often",
      text: "A link shows its codes a limited number of times, so that no program can read them again and again.",
      help: "Ask the shop where you bought for a new link.",
    },
    forbidden: {
      title: "Please use the button on the page",
      text: "We could not tell that the request came from your page, so nothing was shown.",
      help: "Open your link again, and tap the button there.",
    },
    failed: {
      title: "Something went wrong on our side",
      text: "Nothing is lost. Please load this page again in a moment.",
      help: "If it happens again, give the shop the number below.",
    },
  },
  find: "Find my order",
  requestNumber: "Number of this request",
};

const zh: Words = {
  htmlLang: "zh-CN",
  otherLanguage: "English",
  page: "您的订单",
  order: "订单号",
  placed: "下单时间",
  soldBy: "卖家",
  pieces: (count) => `${count} 件`,
  zone: (name) => `（${name === "GMT+8" ? "北京时间" : name}）`,
  steps: { paid: "付款", sent: "发货中", there: "已送达", refunding: "退款中", refunded: "已退款" },
  states: {
    unpaid: "等待付款",
    expired: "超时未付款，订单已关闭",
    cancelled: "已取消",
    on_its_way: "正在发货",
    late: "发货延迟",
    review: "人工处理中",
    ready: "商品已备好",
    done: "已送达",
    partly: "部分已送达",
    refunding: "退款中",
    refunded: "已退款",
  },
  next: {
    unpaid: (until) =>
      until === undefined
        ? "付款到账后，商品会显示在本页面。"
        : `请在 ${until}前付款。付款到账后，商品会显示在本页面。`,
    expired: "此订单未在规定时间内付款，已自动关闭。如果您已经付款，款项会自动退回，您无需任何操作。",
    cancelled: "此订单已取消。如有扣款，已全部退回。",
    on_its_way: (until) =>
      until === undefined
        ? "付款已到账，我们正在发货。您无需任何操作，本页面会自动更新。"
        : `付款已到账，我们会在 ${until}前送达。您无需任何操作，本页面会自动更新。`,
    late: "付款已到账，但发货比承诺的时间晚。我们仍在处理，请勿重复下单或付款。",
    review: (until) => `付款已到账，但有一步需要人工处理。您无需任何操作；${until}前仍未送达的部分会退款。`,
    ready: "请在准备使用时再查看卡密。查看会留下记录，之后订单不能再取消。",
    done: "商品已全部送达。",
    partly: "一部分已送达，其余已退款。",
    refunding: "我们正在退款，您无需任何操作。银行可能需要几天才会显示。",
    refunded: "款项已按原支付方式退回，银行可能需要几天才会显示。",
  },
  lines: {
    waiting: "发货中",
    review: "人工处理中",
    delivered: "已送达",
    loaded: "已充值到账",
    refunding: "退款中",
    refunded: "已退款",
    cancelled: "已取消",
  },
  show: (count) => (count === 1 ? "查看卡密" : `查看 ${count} 个卡密`),
  showHint: "查看前，请确认旁边没有其他人能看到屏幕。",
  code: "卡密",
  number: "卡号",
  link: "链接",
  booking: "预订码",
  licence: "许可证密钥",
  pin: "密码",
  copy: "复制",
  copied: "已复制",
  copyFailed: "请长按选中后自行复制",
  copyAll: "全部复制",
  saveFile: "保存为文本文件",
  saveFileFrom: (from, to) => `将第 ${from} 至 ${to} 个保存为文本文件`,
  lockFile: "保存为加密文件",
  lock: (least) => `密码短语（至少 ${least} 个字符）或您的公钥（age1…）`,
  lockHint: "文件只能用它通过 age 程序打开。我们不保存，也无法打开该文件。",
  saveLocked: "保存加密文件",
  copyAndOpen: (host) => `复制并打开 ${host}`,
  open: (host) => `打开 ${host}`,
  toRedeem: "使用方法",
  validUntil: "有效期至",
  qr: "二维码",
  qrOf: (text) => `${text} 的二维码`,
  showQr: "显示二维码",
  qrTooLong: "此卡密过长，无法生成二维码。",
  range: (from, to, all) => `第 ${from} 至 ${to} 个，共 ${all} 个`,
  nextPage: "下一页",
  previousPage: "上一页",
  unreadable: "此卡密无法打开。请联系商家更换，并告知此编号：",
  gone: "本页的卡密已收回，款项已退还。",
  moreComes: "其余商品正在发货。",
  again: "刷新查看",
  hide: "隐藏卡密",
  help: "帮助",
  helpBy: (seller) => `遇到问题？请联系 ${seller}，并告知订单号。请勿将本链接或卡密发给任何人。`,
  keep: (until) => `本页面在 ${until}前有效。任何得到此链接的人都能看到卡密，请妥善保管。`,
  refused: {
    not_found: {
      title: "此链接无法打开",
      text: "链接可能复制不完整、已过期，或已被新链接取代。如果您刚刚下单，请稍候片刻再刷新本页面。",
      help: "否则请向您购买的商家索取新链接。",
    },
    too_many_links: {
      title: "错误链接过多",
      text: "您所在的网络尝试了过多的无效链接。请按商家发送的原样重新打开链接，正确的链接随时可以打开。",
      help: "如果仍打不开，请等待十分钟，或向您购买的商家索取新链接。",
    },
    too_many_searches: {
      title: "查找次数过多",
      text: "您所在的网络在短时间内查找了过多订单，本次未进行查找。",
      help: "请等待十分钟，或联系您购买的商家。",
    },
    invalid_request: {
      title: "表单内容缺失或有误",
      text: "未执行任何操作。请返回并检查您填写的内容。",
      help: "如果再次出现，请联系您购买的商家。",
    },
    payment_disputed: {
      title: "付款正在核查",
      text: "银行或支付机构正在核查此订单的付款，因此暂时无法显示卡密。",
      help: "请联系您购买的商家。",
    },
    limit_reached: {
      title: "此链接的查看次数已用完",
      text: "为防止被程序读取，每个链接可查看卡密的次数有限。",
      help: "请向您购买的商家索取新链接。",
    },
    forbidden: {
      title: "请使用页面上的按钮",
      text: "我们无法确认请求来自本页面，因此没有显示任何内容。",
      help: "请重新打开链接，并点按页面上的按钮。",
    },
    failed: {
      title: "我们这边出了问题",
      text: "您的商品不会丢失，请稍后刷新页面。",
      help: "如果再次出现，请将下面的编号告知商家。",
    },
  },
  find: "查找订单",
  requestNumber: "请求编号",
};

const all: Record<Language, Words> = { zh, en };

export const wordsIn = (language: Language): Words => all[language];
export type { Words };
