# enrollment
