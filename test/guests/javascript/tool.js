// A tool in plain JavaScript: nothing in it knows of WebAssembly.

const LONGEST = 200;

export const words = {
  slug(text) {
    if (text.length > LONGEST) throw { tag: "too-long", val: LONGEST };
    const parts = text.toLowerCase().match(/[\p{L}\p{N}]+/gu);
    if (parts === null) throw { tag: "empty" };
    return parts.join("-");
  },

  frequencies(text, most) {
    const counts = new Map();
    for (const word of text.flatMap((line) => line.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    return [...counts]
      .map(([word, times]) => ({ word, times }))
      .sort((a, b) => b.times - a.times || (a.word < b.word ? -1 : 1))
      .slice(0, most ?? counts.size);
  },
};
