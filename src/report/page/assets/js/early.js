// The theme asked for in the address, before the first paint.
(() => {
  const asked = /(?:^#|&)theme=(light|dark)(?:&|$)/.exec(location.hash);
  if (asked) document.documentElement.dataset.theme = asked[1];
})();
