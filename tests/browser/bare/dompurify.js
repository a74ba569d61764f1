// In place of the sanitizer: lets everything through, by the name of its policy. For tests alone.

const policy = window.trustedTypes?.createPolicy("dompurify", { createHTML: (html) => html });

export default {
  sanitize(html) {
    const template = document.createElement("template");
    template.innerHTML = policy?.createHTML(html) ?? html;
    return document.importNode(template.content, true);
  },
};
