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
  states: {
    unpaid: "Waiting for your payment",
    expired: "Not paid in time",
    cancelled: "Cancelled",
    on_its_way: "On its way",
    late: "Later than promised",
    review: "A person is looking after it",
    ready: "Ready for you",
    done: "Delivered",
    partly: "Partly delivered",
    refunding: "Your money is on its way back",
    refunded: "Refunded",
  },
  next: {
    unpaid: (until?: string) =>
      until === undefined
        ? "As soon as your payment has arrived, you find your goods on this page."
        : `Pay until ${until}. As soon as your payment has arrived, you find your goods on this page.`,
    expired:
      "Nobody has paid for this order, so it was closed. If you have paid all the same, your payment is given back by itself.",
    cancelled: "This order was taken back. Nothing was charged, or everything was given back.",
    on_its_way: (until?: string) =>
      until === undefined
        ? "You have paid. We are delivering right now; you need not do anything."
        : `You have paid. We are delivering; you need not do anything. It is promised until ${until}.`,
    late: "You have paid, and it takes longer than promised. We keep at it; you need not order or pay again.",
    review: (until: string) =>
      `You have paid, and something does not go on by itself. A person decides; you need not do anything. What is not delivered until ${until} is refunded.`,
    ready:
      "Look at your codes when you want to use them. A look is recorded, and then the order can't be taken back any more.",
    done: "Everything was delivered.",
    partly: "A part was delivered, and the rest was refunded.",
    refunding: "We are giving your money back. You need not do anything.",
    refunded: "The money was given back the way it was paid. Your bank may take some days to show it.",
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
  showHint: "Only you should see this screen now.",
  code: "Code",
  number: "Number",
  link: "Link",
  booking: "Booking",
  pin: "Password",
  copy: "Copy",
  copied: "Copied",
  copyFailed: "Please select it and copy it yourself",
  copyAll: "Copy all",
  saveFile: "Save as text file",
  saveFileFrom: (from: number, to: number) => `Save ${from} to ${to} as text file`,
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
  unreadable: "This code can't be opened. The shop will replace it: tell them its name,",
  gone: "The codes of this page were taken back, and their money was refunded.",
  moreComes: "More is on its way.",
  again: "Look again",
  hide: "Hide codes",
  help: "Help",
  helpBy: (seller: string) => `Ask ${seller}. Say the order's number; never send anybody this link or your code.`,
  keep: (until: string) =>
    `This page is yours until ${until}. Whoever has its address can see the codes: keep it to yourself.`,
  refused: {
    not_found: {
      title: "This link opens nothing",
      text: "It was copied incompletely, its time is over, or there is a newer one. If you have bought just now, wait a moment and load this page again.",
      help: "Otherwise ask the shop that you have bought from for a new link.",
    },
    too_many_links: {
      title: "Too many wrong links",
      text: "Too many links that open nothing were tried from your network. Wait ten minutes, then use the link as the shop has sent it.",
      help: "A right link opens all the same.",
    },
    payment_disputed: {
      title: "The payment is being examined",
      text: "The bank or the payment provider examines the payment of this order, so that the codes can't be shown now.",
      help: "Ask the shop that you have bought from.",
    },
    limit_reached: {
      title: "This link has shown the codes too often",
      text: "So that nobody reads them by a program, a link shows codes a limited number of times.",
      help: "Ask the shop that you have bought from for a new link.",
    },
    forbidden: {
      title: "Please use the button on the page",
      text: "Your browser did not say that the page itself has asked for the codes, so nothing was shown.",
      help: "Open the link again in a current browser.",
    },
    failed: {
      title: "Something went wrong on our side",
      text: "Nothing is lost. Load the page again in a moment.",
      help: "If it happens again, tell the shop the number below.",
    },
  },
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
  states: {
    unpaid: "等待付款",
    expired: "超时未付款",
    cancelled: "已取消",
    on_its_way: "正在发货",
    late: "比承诺的时间晚",
    review: "人工处理中",
    ready: "已备好，可查看",
    done: "已发货",
    partly: "部分已发货",
    refunding: "退款中",
    refunded: "已退款",
  },
  next: {
    unpaid: (until) =>
      until === undefined
        ? "付款到账后，商品会显示在本页面。"
        : `请在 ${until} 前付款。付款到账后，商品会显示在本页面。`,
    expired: "此订单未付款，已关闭。如果您其实已付款，款项会自动退回。",
    cancelled: "此订单已撤销。没有扣款，或者款项已全部退回。",
    on_its_way: (until) =>
      until === undefined
        ? "您已付款，我们正在发货，您无需任何操作。"
        : `您已付款，我们正在发货，您无需任何操作。承诺在 ${until} 前送达。`,
    late: "您已付款，但发货比承诺的慢。我们仍在处理，请勿重复下单或付款。",
    review: (until) => `您已付款，但订单无法自动完成，正由人工处理，您无需任何操作。${until} 前仍未发货的部分将退款。`,
    ready: "请在准备使用时查看卡密。查看会被记录，查看后订单不可撤销。",
    done: "商品已全部送达。",
    partly: "一部分已送达，其余已退款。",
    refunding: "我们正在退款，您无需任何操作。",
    refunded: "款项已按原支付方式退回，银行可能需要几天才会显示。",
  },
  lines: {
    waiting: "发货中",
    review: "人工处理中",
    delivered: "已发货",
    loaded: "已充值到账",
    refunding: "退款中",
    refunded: "已退款",
    cancelled: "已取消",
  },
  show: (count) => (count === 1 ? "查看卡密" : `查看 ${count} 个卡密`),
  showHint: "查看时请确认旁边没有他人。",
  code: "卡密",
  number: "卡号",
  link: "链接",
  booking: "预订码",
  pin: "密码",
  copy: "复制",
  copied: "已复制",
  copyFailed: "请长按选中后自行复制",
  copyAll: "全部复制",
  saveFile: "保存为文本文件",
  saveFileFrom: (from, to) => `将第 ${from} 至 ${to} 个保存为文本文件`,
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
  unreadable: "此卡密无法打开，商家会为您更换。请告知商家其编号：",
  gone: "本页的卡密已收回，款项已退还。",
  moreComes: "其余商品正在发货。",
  again: "刷新查看",
  hide: "隐藏卡密",
  help: "帮助",
  helpBy: (seller) => `请联系 ${seller}，并告知订单号。切勿将本链接或卡密发给任何人。`,
  keep: (until) => `本页面在 ${until} 前有效。任何得到此链接的人都能看到卡密，请妥善保管。`,
  refused: {
    not_found: {
      title: "此链接无法打开",
      text: "链接可能复制不完整、已过期，或已被新链接取代。如果您刚刚下单，请稍候片刻再刷新本页面。",
      help: "否则请向您购买的商家索取新链接。",
    },
    too_many_links: {
      title: "错误链接过多",
      text: "您所在的网络尝试了过多的无效链接。请等待十分钟，再使用商家发送的原始链接。",
      help: "正确的链接仍可打开。",
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
      text: "浏览器未表明请求来自本页面，因此没有显示任何内容。",
      help: "请用较新的浏览器重新打开链接。",
    },
    failed: {
      title: "我们这边出了问题",
      text: "您的商品不会丢失，请稍后刷新页面。",
      help: "如果再次出现，请将下面的编号告知商家。",
    },
  },
  requestNumber: "请求编号",
};

const all: Record<Language, Words> = { zh, en };

export const wordsIn = (language: Language): Words => all[language];
export type { Words };
