(function () {
  var button = document.getElementById("copy"), facts = document.getElementById("facts");
  button.hidden = false;
  button.onclick = function () {
    var range = document.createRange(), chosen = window.getSelection();
    range.selectNodeContents(facts);
    chosen.removeAllRanges();
    chosen.addRange(range);
    button.textContent = document.execCommand("copy") ? "Copied" : "Marked: press Ctrl+C";
  };
})();
