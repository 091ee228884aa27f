import * as z from "zod";

/** What `SendSms` answers, and its gateway. `Message` says it in words, perhaps with the number, and is not read. */
export const answerSchema = z.object({
  Code: z.string(),
  RequestId: z.string(),
  BizId: z
    .string()
    .regex(/^[\w^.-]{1,100}$/)
    .exactOptional(),
});
