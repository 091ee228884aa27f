import type { Language } from "../../buyer/delivery/words.ts";

const en = {
  htmlLang: "en",
  title: "Vouchsafe: the API for storefronts",
  skip: "Skip to the text",
  contents: "Contents",
  calls: "Every call",
  madeFrom: "Made from the",
  document: "OpenAPI document",
  forPrograms: ", which programs may read.",
  objects: "Objects",
  members: "Members",
  parameters: "Parameters",
  body: "Body",
  answers: "Answers",
  problems: "Problems: ",
  required: "required",
  table: "Table",
  text: "Text",
  status: "status",
  advice: "What you do",
  example: "What it looks like",
  mayAnswer: "Which calls may answer it",
  noCall: "None of a storefront's: operators, suppliers or buyers meet it.",
  noProblem: "No problem has this code. The guide lists all of them.",
  again: "Try again in a moment.",
};

export type Words = typeof en;

const zh: Words = {
  htmlLang: "zh-CN",
  title: "Vouchsafe：店铺接入 API",
  skip: "跳到正文",
  contents: "目录",
  calls: "所有调用",
  madeFrom: "以下由",
  document: "OpenAPI 文档",
  forPrograms: "生成，其说明文字为英文；程序可以直接读取该文档。",
  objects: "对象",
  members: "成员",
  parameters: "参数",
  body: "请求体",
  answers: "应答",
  problems: "问题：",
  required: "必填",
  table: "表格",
  text: "文本",
  status: "状态",
  advice: "您该做什么",
  example: "它的样子",
  mayAnswer: "哪些调用可能返回它",
  noCall: "店铺的调用都不会返回它：运营方、供应商或买家会遇到。",
  noProblem: "没有哪个问题使用这个代码。指南列出了全部代码。",
  again: "请稍后再试。",
};

const all: Record<Language, Words> = { en, zh };

/** Gives what the pages say around their documents, in a language. */
export const wordsIn = (language: Language): Words => all[language];

/** The language to change to from a page, and its own name for itself. */
export const OTHER = { en: { language: "zh", name: "中文" }, zh: { language: "en", name: "English" } } as const;
