import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { pages, proseOf, ROOT, textOf } from "./markdown.ts";

/** The anchor that hosting sites make of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}

function anchorsOf(page: string): string[] {
  const headings = textOf(page)
    .replace(/^(`{3,})[\s\S]*?^\1\s*$/gm, "")
    .matchAll(/^#{1,6} (.*)$/gm);
  return [...headings].map((match) => anchorOf(match[1] ?? ""));
}

/** Targets of links in the prose of a page, without those that lead out of the project. */
function linksOf(page: string): string[] {
  return [...proseOf(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? "")
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** What is wrong with a link of a page, or null. */
function faultOf(page: string, link: string): string | null {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, target))) return `${page}: ${link} does not exist`;
  if (anchor === undefined || anchorsOf(target).includes(anchor)) return null;
  return `${page}: ${target} has no heading for #${anchor}`;
}

describe("links", () => {
  test("every relative link of every page leads somewhere", () => {
    const links = pages().flatMap((page) => linksOf(page).map((link) => ({ page, link })));
    expect(links.length).toBeGreaterThan(20);
    expect(
      links.map(({ page, link }) => faultOf(page, link)).filter((one) => one !== null),
    ).toEqual([]);
  });

  test("a link to a missing page or heading is noticed", () => {
    expect(faultOf("docs/language.md", "no-such-page.md")).toContain("does not exist");
    expect(faultOf("docs/language.md", "#no-such-heading")).toContain("no heading");
    expect(faultOf("docs/language.md", "#3-types")).toBeNull();
  });
});
