import { documentOf } from "./document.ts";
import { Frame } from "./frame.tsx";
import type { Language } from "./words.ts";
import { addressesFrom, type Writing } from "./writing.ts";

/** What came of asking for a code: it was sent, an earlier one is good, another one must wait, or what was typed is wrong. */
export type CodeAsked = "sent" | "there" | "wait" | "wrong";

type CodeWords = {
  title: string;
  said: Readonly<Record<CodeAsked, string>>;
  code: string;
  show: string;
  again: string;
};

const WORDS: Readonly<Record<Language, CodeWords>> = {
  en: {
    title: "Enter your one-time code",
    said: {
      sent: "We have sent a code of eight digits to the address that you gave when you ordered. It is good for ten minutes.",
      there: "We have sent you a code of eight digits within the last ten minutes. It is still good.",
      wait: "We have sent several codes, so the next one has to wait: a minute, and after five on a day an hour. A code that you have may still be good.",
      wrong: "This code is wrong, too old, or was tried too often. Look at the last message, or have another one sent.",
    },
    code: "Code",
    show: "Show my codes",
    again: "Send another code",
  },
  zh: {
    title: "请输入验证码",
    said: {
      sent: "我们已将八位验证码发送到您下单时填写的联系方式，十分钟内有效。",
      there: "我们在十分钟内已向您发送八位验证码，仍然有效。",
      wait: "验证码发送过于频繁，请稍候：间隔一分钟，每天超过五次后间隔一小时。您已收到的验证码可能仍然有效。",
      wrong: "验证码错误、已过期或尝试次数过多。请查看最新消息，或重新发送。",
    },
    code: "验证码",
    show: "查看卡密",
    again: "重新发送验证码",
  },
};

/** Writes the page that asks for a one-time code before it shows goods. It says nothing of where the code was sent. */
export function codePage(asked: CodeAsked, writing: Writing): string {
  const words = WORDS[writing.language];
  const { reveal } = addressesFrom(writing);
  return documentOf(
    writing.language,
    words.title,
    <Frame language={writing.language}>
      <section class="card">
        <h1>{words.title}</h1>
        <p {...(asked === "wrong" ? { class: "wrong", role: "alert" as const } : {})}>{words.said[asked]}</p>
        <form method="post" action={reveal}>
          <p class="asked">
            <label for="code">{words.code}</label>
            <input
              id="code"
              name="code"
              type="text"
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={300}
              required
              aria-invalid={asked === "wrong"}
            />
          </p>
          <p>
            <button class="main" type="submit">
              {words.show}
            </button>
          </p>
        </form>
        <form method="post" action={reveal}>
          <div class="row">
            <button type="submit" name="again" value="1">
              {words.again}
            </button>
          </div>
        </form>
      </section>
    </Frame>,
  );
}
