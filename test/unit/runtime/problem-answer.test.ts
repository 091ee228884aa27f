import { describe, expect, it } from "vitest";
import { problemAnswer } from "../../../functions/runtime/problem-answer.ts";
import { PROBLEMS, type ProblemCode, refuse } from "../../../shared/kernel/problem.ts";

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

describe("a refusal, as RFC 9457 writes it", () => {
  it.each(CODES)("%s", (code) => {
    const { statusCode, headers, body } = problemAnswer(refuse(code, "Because."), "req-1");
    const { status, title } = PROBLEMS[code];
    expect(statusCode).toBe(status);
    expect(headers).toMatchObject({
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      "X-Request-Id": "req-1",
    });
    expect(JSON.parse(body ?? "")).toEqual({
      type: `/docs/problems/${code}`,
      title,
      status,
      detail: "Because.",
      code,
      requestId: "req-1",
    });
  });

  it("says field by field what is wrong", () => {
    const errors = [{ pointer: "/lines/0/quantity", message: "is too large" }];
    const { body } = problemAnswer(refuse("invalid_request", "Some fields are wrong.", errors), "req-1");
    expect(JSON.parse(body ?? "")).toMatchObject({ errors });
  });

  it("says how to be let in, and when to come again", () => {
    expect(problemAnswer(refuse("unauthorized", ""), "r").headers).toMatchObject({ "WWW-Authenticate": "Bearer" });
    expect(problemAnswer(refuse("busy", ""), "r").headers).toMatchObject({ "Retry-After": "1" });
  });

  it("has a code in snake case and a status that clients know how to treat", () => {
    for (const code of CODES) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect([400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503]).toContain(PROBLEMS[code].status);
    }
  });
});
