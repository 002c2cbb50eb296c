/* A classic script, so that the page is never drawn in the other theme or size first. */
(() => {
  const { dataset } = document.documentElement;
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") dataset.theme = theme;
  const size = localStorage.getItem("text-size");
  if (size === "large" || size === "largest") dataset.size = size;
})();
