// What a match is replaced by: text, the match, and its groups, as JavaScript writes them.
// Knows nothing of patterns.

import { Output } from "../../sdk/assembly/output";

/** A parsed replacement. */
export class Template {
  /** The highest group that it refers to. */
  highest: i32 = 0;
  /** A group that it refers to, and that is not there; 0 for none. */
  missing: i32 = 0;
  private texts: string[] = [];
  /** The group behind each text; -1 for none. */
  private groups: i32[] = [];

  /** Reads `$&`, `$1` to `$99` and `$$` for a pattern with `groups` groups. Any other dollar stands for itself. */
  static of(replacement: string, groups: i32): Template {
    const template = new Template();
    let text = "";
    for (let i = 0; i < replacement.length; i++) {
      const character = replacement.charAt(i);
      const next = i + 1 < replacement.length ? replacement.charCodeAt(i + 1) : 0;
      if (character != "$" || next == 0) text += character;
      else if (next == 0x24) {
        text += "$";
        i++;
      } else if (next == 0x26) {
        template.add(text, 0);
        text = "";
        i++;
      } else if (next >= 0x30 && next <= 0x39) {
        const second = i + 2 < replacement.length ? replacement.charCodeAt(i + 2) - 0x30 : -1;
        const one = next - 0x30;
        const two = second >= 0 && second <= 9 ? 10 * one + second : -1;
        const isTwo = two > 0 && (two <= groups || one == 0);
        const group = isTwo ? two : one;
        if (group == 0) {
          text += "$";
          continue;
        }
        if (group > groups) template.missing = group;
        template.highest = max(template.highest, group);
        template.add(text, group);
        text = "";
        i += isTwo ? 2 : 1;
      } else text += "$";
    }
    template.add(text, -1);
    return template;
  }

  /** Writes the replacement of the match that is at `places`. */
  write(places: StaticArray<usize>, output: Output): void {
    for (let i = 0; i < this.texts.length; i++) {
      output.addText(this.texts[i]);
      const group = this.groups[i];
      if (group < 0) continue;
      const from = places[2 * group];
      const to = places[2 * group + 1];
      if (from != 0 && to != 0) output.add(from, to);
    }
  }

  private add(text: string, group: i32): void {
    this.texts.push(text);
    this.groups.push(group);
  }
}
