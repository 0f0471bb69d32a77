// Making elements. Text of the data always goes in as text, never as HTML.

/** An element with attributes and children; attributes that are null or false are left out. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const byId = (id) => document.getElementById(id);

/** A labelled list to choose from; `options` are pairs of value and text. */
function chooser(id, label, options, value, onchange) {
  const list = make("select", { id, onchange: (event) => onchange(event.target.value) });
  list.append(...options.map(([code, text]) => make("option", { value: code, selected: code === value }, text)));
  return make("div", { class: "field" }, make("label", { for: id }, label), list);
}

/** A text of the data, marked where it is not in the page's language. */
function worded(name, text, attributes = {}) {
  return make(name, { ...attributes, lang: tagOf(text) }, choose(text));
}

/** Tells a reader of the screen what has changed. */
function announce(text) {
  byId("status").textContent = text;
}
