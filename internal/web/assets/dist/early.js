try{localStorage.getItem("parley:reader")&&document.documentElement.classList.add("known")}catch{}
