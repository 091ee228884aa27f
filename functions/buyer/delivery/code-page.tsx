import { documentOf } from "./document.ts";
import { Footer } from "./footer.tsx";
import { Frame } from "./frame.tsx";
import type { Delivery } from "./view.ts";
import type { Language } from "./words.ts";
import { addressesFrom, type Writing } from "./writing.ts";

/** What came of asking for a code: it was sent, an earlier one is good, another one must wait, or what was typed is wrong. */
export type CodeAsked = "sent" | "there" | "wait" | "wrong";

type CodeWords = {
  title: string;
  said: Readonly<Record<CodeAsked, string>>;
  code: string;
  hint: string;
  show: string;
  none: string;
  noneHint: string;
  again: string;
};

const WORDS: Readonly<Record<Language, CodeWords>> = {
  en: {
    title: "Enter your one-time code",
    said: {
      sent: "We have sent a code to the address that you gave when you ordered. It is good for ten minutes.",
      there: "We have sent you a code within the last ten minutes. It is still good.",
      wait: "We have sent several codes, so the next one has to wait: a minute, and after five on a day an hour. A code that you have may still be good.",
      wrong: "This code is wrong, too old, or was tried too often. Look at the last message, or have another one sent.",
    },
    code: "One-time code",
    hint: "Eight digits, from our last message",
    show: "Show my codes",
    none: "No message?",
    noneHint: "Look among the unwanted messages, or have another code sent.",
    again: "Send another code",
  },
  zh: {
    title: "请输入验证码",
    said: {
      sent: "我们已将验证码发送到您下单时填写的联系方式，十分钟内有效。",
      there: "我们在十分钟内已向您发送验证码，仍然有效。",
      wait: "验证码发送过于频繁，请稍候：间隔一分钟，每天超过五次后间隔一小时。您已收到的验证码可能仍然有效。",
      wrong: "验证码错误、已过期或尝试次数过多。请查看最新消息，或重新发送。",
    },
    code: "验证码",
    hint: "最新消息中的八位数字",
    show: "查看卡密",
    none: "没有收到？",
    noneHint: "请查看垃圾邮件，或重新发送验证码。",
    again: "重新发送验证码",
  },
};

/** Writes the page that asks for a one-time code before it shows goods. It says nothing of where the code was sent. */
export function codePage(asked: CodeAsked, delivery: Delivery, writing: Writing): string {
  const words = WORDS[writing.language];
  const { reveal } = addressesFrom(writing);
  const seller = delivery.channel?.name;
  const isWrong = asked === "wrong";
  return documentOf(
    writing.language,
    [...(isWrong ? [words.said.wrong] : []), words.title, ...(seller === undefined ? [] : [seller])].join(" · "),
    <Frame language={writing.language} seller={seller}>
      <section class="card">
        <h1>{words.title}</h1>
        {isWrong ? (
          <div class="wrong" role="alert">
            <p>{words.said.wrong}</p>
          </div>
        ) : (
          <p>{words.said[asked]}</p>
        )}
        <form method="post" action={reveal}>
          <p class="asked">
            <label for="code">{words.code}</label>
            <span class="small" id="code-hint">
              {words.hint}
            </span>
            <input
              id="code"
              name="code"
              class="digits"
              type="text"
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={300}
              required
              aria-invalid={isWrong}
              aria-describedby="code-hint"
            />
          </p>
          <p>
            <button class="main" type="submit">
              {words.show}
            </button>
          </p>
        </form>
      </section>
      <section class="card" aria-labelledby="none">
        <h2 id="none">{words.none}</h2>
        <p>{words.noneHint}</p>
        <form method="post" action={reveal}>
          <div class="row">
            <button type="submit" name="again" value="1">
              {words.again}
            </button>
          </div>
        </form>
      </section>
      <Footer delivery={delivery} writing={writing} />
    </Frame>,
  );
}
